import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { moveClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { setLogLevel } from '../../src/log.ts'
import { createService, type Service } from '../../src/service.ts'
import { withPalette } from './palette.ts'
import { SCENES, type Scene } from './scenes.ts'

/**
 * Draws the pictures of the READMEs from the real chat page: `node --import tsx test/smoke/pictures.ts` (needs a Chinese font,
 * `fonts-noto-cjk`, FONTCONFIG_PATH=/etc/fonts, AWS_LAMBDA_JS_RUNTIME=nodejs20.x, and for the papers LibreOffice and poppler). Each is drawn on its own sample township's day, so that it can be drawn again.
 */
const TUESDAY = '2026-11-24T10:00:00+08:00'
const THURSDAY = '2026-11-26T18:45:00+08:00'
const SIZES = [
  { width: 1280, height: 860 },
  { width: 375, height: 720 },
]
/** What the link of a screen looks like. */
const BASE_URL = 'https://zhibu.example.gov.cn'
const PHONE = { width: 375, height: 900 }

const pathOf = (name: string) => fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url))
const save = async (name: string, png: Buffer) => writeFile(pathOf(name), withPalette(png))

async function onTheSample(run: (service: Service, address: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-pictures-'))
  const config = readConfig({ PORT: '1', BASE_URL, STORE_URL: `file:${folder}/db`, CLOCK: TUESDAY })
  const service = await createService({ ...config, port: 0 })
  const port = await service.listen()
  await run(service, `http://127.0.0.1:${port}/simulator`)
  await service.close()
  await rm(folder, { recursive: true, force: true })
}

async function act(service: Service, said: Scene['said']): Promise<void> {
  const { simulator } = service
  if (!simulator) throw new Error('no simulator')
  for (const [userId, does] of said) {
    if (typeof does === 'string') await simulator.say(userId, does)
    else await simulator.press(userId, does)
    await service.idle()
  }
}

/** The README's: both phones, and one at a time. */
async function drawPage(browser: Browser): Promise<void> {
  await onTheSample(async (service, address) => {
    await act(service, [
      ['wangjianguo', '会议 新建 党课 周四晚7点 村党群服务中心 学习党章第三章'],
      ['wangjianguo', { label: '发布' }],
      ['liuyang', '请假 孩子发烧'],
      ['wangjianguo', { label: '准假' }],
    ])
    moveClock(new Date(THURSDAY))
    await act(service, [['zhangguofu', '签到']])
    for (const viewport of SIZES) {
      const page = await browser.newPage({ viewport, deviceScaleFactor: viewport.width < 500 ? 2 : 1 })
      await page.goto(`${address}#left=wangjianguo&right=zhangguofu`)
      await page.locator('body[data-ready=true]').waitFor()
      await page.waitForTimeout(500)
      await save(`chat-${viewport.width}`, await page.screenshot())
      await page.close()
    }
  })
}

/** Without what is not the phone: the clock, the tools, the box. */
const PHONE_ALONE = `
  body, main, .phone { height: auto !important; overflow: visible !important; }
  main { padding: 0 !important; }
  .top, .chips, .say, .menu, .chats, .read-only { display: none !important; }
  .chat { height: auto !important; overflow: visible !important; padding-bottom: 12px !important; }
`

async function drawScenes(browser: Browser): Promise<void> {
  await onTheSample(async (service, address) => {
    for (const scene of SCENES) {
      if (scene.at) moveClock(new Date(scene.at))
      await service.idle()
      await act(service, scene.said)
      if (scene.paper) await drawPaper(service, scene)
      else await drawPhone(browser, address, scene)
      if (scene.screen) await drawScreen(browser, service, address)
    }
  })
}

async function drawPhone(browser: Browser, address: string, { name, holder, last }: Scene): Promise<void> {
  const page = await browser.newPage({ viewport: PHONE, deviceScaleFactor: 1.5, bypassCSP: true })
  await page.goto(`${address}#left=${holder}&right=luohong`)
  await page.locator('body[data-ready=true]').waitFor()
  await page.addStyleTag({ content: PHONE_ALONE })
  const phone = page.getByTestId('phone-left')
  await phone.getByTestId('bubble').last().waitFor()
  await phone.getByTestId('chat').evaluate((chat, kept) => {
    const bubbles = [...chat.querySelectorAll('[data-testid=bubble]')]
    const first = bubbles.at(-kept)
    while (first && chat.firstElementChild !== first) chat.firstElementChild?.remove()
  }, last)
  await save(name, await phone.screenshot())
  await page.close()
}

async function drawPaper({ simulator }: Service, { name, holder }: Scene): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-paper-'))
  const paper = join(folder, 'paper')
  await writeFile(`${paper}.docx`, simulator?.fileOf(holder).bytes ?? '')
  const office = ['--headless', `-env:UserInstallation=file://${folder}/office`, '--convert-to', 'pdf']
  execFileSync('soffice', [...office, '--outdir', folder, `${paper}.docx`], { stdio: 'ignore' })
  execFileSync('pdftoppm', ['-r', '72', '-png', '-singlefile', `${paper}.pdf`, paper])
  await save(name, await readFile(`${paper}.png`))
  await rm(folder, { recursive: true, force: true })
}

/** By the link that the secretary was given. */
async function drawScreen(browser: Browser, { simulator }: Service, address: string): Promise<void> {
  const texts = simulator?.inbox('wangjianguo').map(({ text }) => text) ?? []
  const link = texts.flatMap(text => /https?:\/\/\S+\/screen\/\S+/.exec(text)?.[0] ?? []).at(-1)
  if (!link) throw new Error('no link of a screen')
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, deviceScaleFactor: 0.5 })
  await page.goto(new URL(new URL(link).pathname, address).href)
  await page.locator('#qr svg').waitFor()
  await save('screen', await page.screenshot())
  await page.close()
}

setLogLevel('silent')
const browser = await playwright.launch({
  args: chromium.args.filter(arg => arg !== '--single-process'),
  executablePath: await chromium.executablePath(),
})
await drawPage(browser)
await drawScenes(browser)
await browser.close()
