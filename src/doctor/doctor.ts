import { type Config, ConfigError, readConfig, surveySettings } from '../config.ts'
import { post, running } from '../control-client.ts'
import { UserError } from '../errors.ts'
import { createWecomClient } from '../wecom/client.ts'
import { examine } from './examine.ts'
import { isFine, type Section, spellSections } from './findings.ts'
import { type MenuMade, makeMenu, menuMade } from './menu.ts'
import { spellReport } from './report.ts'
import { checkSettings } from './settings.ts'

/** `npm run doctor`: what it prints, in the operator's words; 1 where something is to be mended. */
export interface DoctorOptions {
  menu?: boolean | undefined
  report?: boolean | undefined
}

export async function runDoctor(options: DoctorOptions, fromFile: readonly string[]): Promise<number> {
  const settings = surveySettings(fromFile)
  const config = configOrNull()
  if (options.menu) return config ? menu(config) : tell([checkSettings(settings, fromFile)])
  const examined = await examine(config, settings, fromFile)
  if (!options.report) return tell(examined.sections)
  process.stdout.write(`${spellReport(examined, settings)}\n`)
  return isFine(examined.sections) ? 0 : 1
}

/** null: what is wrong the survey tells, in Chinese. */
function configOrNull(): Config | null {
  try {
    return readConfig()
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

function tell(sections: readonly Section[]): number {
  const { stdout } = process
  const colour = stdout.isTTY && stdout.hasColors()
  stdout.write(`${spellSections(sections, colour)}\n\n${sumUp(sections)}\n`)
  return isFine(sections) ? 0 : 1
}

function sumUp(sections: readonly Section[]): string {
  const count = (level: string) =>
    sections.flatMap(({ findings }) => findings).filter(one => one.level === level).length
  const [bads, warns] = [count('bad'), count('warn')]
  if (bads === 0) return warns === 0 ? '全部正常。' : `没有要改的，${warns} 处（!）请看一看。`
  return `${bads} 处（✗）要改${warns > 0 ? `，${warns} 处（!）请看一看` : ''}。改好再运行一次 npm run doctor。`
}

/** Through the running service where there is one, else WeCom itself: that needs no store. */
async function menu(config: Config): Promise<number> {
  const control = await running(config)
  const { ok, text } = control ? menuMade.parse(await post(control, 'menu', '{}')) : await menuFromHere(config)
  process.stdout.write(`${text.join('\n')}\n`)
  return ok ? 0 : 1
}

async function menuFromHere({ wecom, proxy }: Config): Promise<MenuMade> {
  if (!wecom) throw new UserError('模拟器没有在运行：先 npm start，再运行一次。')
  const client = createWecomClient({ ...wecom, ...(proxy && { proxy }) })
  try {
    return await makeMenu(client)
  } finally {
    client.close()
  }
}
