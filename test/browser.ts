import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright, type ViewportSize } from 'playwright-core'

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

/** A chat page that is ready; what its scripts throw or print as an error is added to `faults`. */
export async function openChat(browser: Browser, url: string, viewport: ViewportSize, faults: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => message.type() === 'error' && faults.push(message.text()))
  await page.goto(url)
  await page.locator('body[data-ready=true]').waitFor()
  return page
}
