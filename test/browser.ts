import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A real browser out of an npm package: nothing is installed by hand. */
export async function launchBrowser(): Promise<Browser> {
  // In one process the first context that closes takes the browser along.
  const args = chromium.args.filter(arg => arg !== '--single-process' && arg !== '--disable-web-security')
  return playwright.launch({
    args: [...args, ...QUIET],
    executablePath: await chromium.executablePath(),
    headless: true,
  })
}
