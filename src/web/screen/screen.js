/*
 * The venue screen. For televisions of 2017 and older notebooks: a classic script without modules, in the language of 2015.
 * The time is the server's: of this machine only the time that passes is used, never what its clock says.
 */
const STALE_MS = 15000
const RETRY_MS = 5000
/** A stream of this page that died unnoticed gives its place to the next. */
const NAME = Math.random().toString(36).slice(2)
/** A code in its last seconds would be dead when it arrives. */
const SPARE_MS = 3000

const find = id => document.getElementById(id)
const elapsed = () => performance.now()

let serverAt = 0
let heardAt = 0
let triedAt = 0
let deadAt = 0
let over = false
let source = null

function put(id, text) {
  const node = find(id)
  if (node.textContent !== text) node.textContent = text
}

function show(view) {
  document.body.setAttribute('data-phase', view.phase)
  for (const id of ['branch', 'title', 'where', 'says', 'other', 'code', 'count']) put(id, view[id])
  over = view.phase === 'over'
}

function showCode(qr) {
  const box = find('qr')
  deadAt = qr ? elapsed() + qr.livesMs - SPARE_MS : 0
  box.innerHTML = qr ? qr.svg : ''
  box.setAttribute('data-qr', qr ? qr.line : '')
}

function hear(news) {
  serverAt = news.at
  heardAt = elapsed()
  if (news.full) put('lost', '打开的屏幕太多，请关掉别处的')
  else put('lost', '正在重新连接')
  find('lost').hidden = !news.full
  if (news.view) show(news.view)
  if (news.qr !== undefined) showCode(news.qr)
  draw()
}

function connect() {
  triedAt = elapsed()
  if (source) source.close()
  source = new EventSource(`${location.pathname.replace(/\/$/, '')}/stream?screen=${NAME}`)
  source.onmessage = event => hear(JSON.parse(event.data))
}

const two = number => (number < 10 ? `0${number}` : String(number))

/** In Beijing, which is eight hours ahead the whole year. */
function spell(instant) {
  const minutes = Math.floor(instant / 60000) + 480
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`
}

function draw() {
  const silence = elapsed() - heardAt
  put('clock', spell(serverAt + silence))
  const alive = elapsed() < deadAt
  find('qr').hidden = !alive
  find('asking').hidden = alive
  if (silence > STALE_MS && !over) find('lost').hidden = false
}

/** A browser tries again by itself only where the connection broke off; not where it was refused, or went dead in silence. */
function stayConnected() {
  draw()
  if (over) source.close()
  else if (source.readyState === EventSource.CLOSED || elapsed() - heardAt > STALE_MS) {
    if (elapsed() - triedAt > RETRY_MS) connect()
  }
}

function begin() {
  hear(JSON.parse(find('news').textContent))
  if (!window.EventSource) {
    setTimeout(() => location.reload(), STALE_MS)
    return
  }
  connect()
  setInterval(stayConnected, 500)
  window.addEventListener('online', () => over || connect())
}

begin()
