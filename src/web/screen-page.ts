import { dataBlock, html, type Markup } from './html.ts'
import type { News } from './room.ts'
import type { View } from './screen-view.ts'

/**
 * The page of the venue screen. What it says stands in the HTML too, for a television whose browser runs no script; the QR
 * code does not, as nobody would take away a dead one.
 */
export function screenPage(news: News & { view: View }): string {
  const { view } = news
  const body = html`
    <header>
      <p class="branch" id="branch">${view.branch}</p>
      <p class="clock" id="clock"></p>
    </header>
    <h1 id="title">${view.title}</h1>
    <p class="where" id="where">${view.where}</p>
    <main>
      <div class="scan" id="scan">
        <div class="qr" id="qr" role="img" aria-label="签到二维码" data-qr="${news.qr?.line ?? ''}"></div>
        <p class="asking" id="asking" hidden>正在取新的二维码</p>
      </div>
      <div class="words">
        <p class="label" id="code-label">签到码</p>
        <p class="code" id="code">${view.code}</p>
        <p class="counted" id="counted">已到 <b id="count">${view.count}</b></p>
      </div>
    </main>
    <p class="says" id="says">${view.says}</p>
    <p class="says" id="other">${view.other}</p>
    <p class="lost" id="lost" role="status" hidden>正在重新连接</p>
    ${dataBlock('news', news)}
    <script src="assets/screen.js"></script>`
  return page('会场签到', view.phase, body)
}

/** Where there is nothing to watch. */
export const plainPage = (title: string, says: string): string =>
  page(title, 'plain', html`<h1>${title}</h1><p class="says">${says}</p>`)

const page = (title: string, phase: string, body: Markup): string =>
  html`<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="assets/icon.svg">
    <link rel="stylesheet" href="assets/screen.css">
  </head>
  <body data-phase="${phase}">${body}
  </body>
</html>
`.text
