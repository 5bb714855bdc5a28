import type { Middleware } from 'koa'
import { onlyWithToken } from './control.ts'

/** One metric in the text format of Prometheus. `name` without the prefix; labels never name a person or a branch. */
export interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: readonly Sample[]
}

/** undefined: not known (yet), and left out. */
export type Sample = readonly [value: number | undefined, labels?: Readonly<Record<string, string | number>>]

export function spellMetrics(metrics: readonly Metric[]): string {
  return metrics.map(spellMetric).join('')
}

function spellMetric({ name, help, type, samples }: Metric): string {
  const full = `zhibu_${name}`
  const lines = samples.flatMap(([value, labels = {}]) =>
    value === undefined ? [] : [`${full}${spellLabels(labels)} ${value}`],
  )
  return lines.length === 0 ? '' : [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines, ''].join('\n')
}

function spellLabels(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(String(value))}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escapeLabel = (value: string): string => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')

/**
 * `GET /metrics`. `token`: whoever asks shows it; null: no token is asked for (the simulator). Not by the peer's address: behind
 * a proxy on this machine the whole Internet comes from the loopback.
 */
export function metricsRoute(token: string | null, read: () => Promise<readonly Metric[]>): Middleware {
  const guard: Middleware = token === null ? (_, next) => next() : onlyWithToken(token)
  return async (ctx, next) => {
    if (ctx.path !== '/metrics' || ctx.method !== 'GET') return next()
    return guard(ctx, async () => {
      ctx.type = 'text/plain; version=0.0.4; charset=utf-8'
      ctx.body = spellMetrics(await read())
    })
  }
}
