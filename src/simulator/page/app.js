import { find } from './dom.js'
import { createGroups } from './groups.js'
import { createGuide } from './guide.js'
import { createPanel } from './panel.js'
import { castOf } from './persons.js'
import { createPhone } from './phone.js'
import { ask, listen } from './server.js'

const SIDES = ['left', 'right']
const HOLDERS = 'zhibu.holders'
const TOAST_MS = 9000
const root = document.body
const narrow = matchMedia('(max-width: 899px)')
let people = []
let active = 'left'
let guide = () => []

const phones = Object.fromEntries(
  SIDES.map(side => [
    side,
    createPhone(find(root, `phone-${side}`), {
      choose: userId => put(side, userId),
      complain: toast,
      acted: () => toast(''),
      steps: () => guide('try'),
    }),
  ]),
)
const panel = createPanel(find(root, 'panel'), { open: openUnread, toast })
const writer = () => (narrow.matches ? active : 'left')
const groups = createGroups(find(root, 'panel'), {
  holder: () => phones[writer()].holder(),
  fill: words => put(writer(), phones[writer()].holder(), words),
  toast,
})

let fading = 0

function toast(text) {
  find(root, 'toast').textContent = text
  clearTimeout(fading)
  fading = setTimeout(() => toast(''), TOAST_MS)
}

/** Puts a phone into a person's hands; `words` go into its box. */
async function put(side, userId, words = '') {
  const person = people.find(one => one.userId.toLowerCase() === userId.toLowerCase())
  if (!person || person.noPhone) return
  activate(side)
  showPanel(false)
  await phones[side].hold(person)
  if (words !== '') phones[side].fill(words)
  remember()
  markSeen()
}

/** Whoever holds a phone already is shown there; anybody else takes the right one, so that the secretary stays. */
function openUnread(userId) {
  const held = SIDES.find(side => phones[side].holder() === userId)
  put(held ?? (narrow.matches ? active : 'right'), userId)
}

function activate(side) {
  active = side
  root.dataset.active = side
  for (const tab of root.querySelectorAll('.tabs button')) {
    tab.setAttribute('aria-pressed', String(tab.dataset.side === side))
  }
}

function showPanel(open) {
  root.classList.toggle('panel-open', open)
  find(root, 'tools').setAttribute('aria-expanded', String(open))
  find(root, 'tools').textContent = open ? '手机' : '工具'
}

/** Who holds the phones stands in the address, so that it can be shared, and here, so that it outlives the tab. */
function remember() {
  const holders = new URLSearchParams(SIDES.map(side => [side, phones[side].holder()])).toString()
  history.replaceState(null, '', `#${holders}`)
  localStorage.setItem(HOLDERS, holders)
}

async function recall() {
  const cast = castOf(people)
  const kept = new URLSearchParams(location.hash.slice(1) || localStorage.getItem(HOLDERS) || '')
  const fallback = { left: cast.secretary, right: cast.member }
  for (const side of SIDES) {
    const person = people.find(one => one.userId === kept.get(side) && !one.noPhone)
    const chosen = person ?? people.find(one => one.userId === fallback[side])
    if (chosen) await phones[side].hold(chosen)
  }
  remember()
  markSeen()
}

function onScreen(side) {
  const covered = narrow.matches && (side !== active || root.classList.contains('panel-open'))
  return !document.hidden && !covered
}

function markSeen() {
  for (const side of SIDES) {
    const person = people.find(one => one.userId === phones[side].holder())
    const unread = person?.unread > 0 || person?.groups.some(group => group.unread > 0)
    if (onScreen(side)) phones[side].markSeen()
    const tab = find(root, `tab-${side}`)
    tab.querySelector('.name').textContent = person?.name ?? ''
    tab.querySelector('.dot').hidden = !unread || onScreen(side)
  }
}

async function loadState() {
  const state = await ask('state')
  people = state.people
  panel.show(state)
  groups.show(state.groups)
  for (const side of SIDES) {
    phones[side].people(people)
    phones[side].menu(state.menu)
    const holder = people.find(one => one.userId === phones[side].holder())
    if (holder) await phones[side].hold(holder)
  }
  markSeen()
}

async function onNews(changed) {
  try {
    const stale = SIDES.filter(side => changed === null || changed.includes(phones[side].holder()))
    await Promise.all([loadState(), ...stale.map(side => phones[side].refresh())])
  } catch {
    // The stream says so when the connection is gone, and asks for everything when it is back.
  }
}

const online = yes => {
  root.querySelector('.offline').hidden = yes
}

for (const tab of root.querySelectorAll('.tabs button')) {
  tab.addEventListener('click', () => {
    activate(tab.dataset.side)
    showPanel(false)
    markSeen()
  })
}
find(root, 'tools').addEventListener('click', () => showPanel(!root.classList.contains('panel-open')))
document.addEventListener('visibilitychange', markSeen)
narrow.addEventListener('change', markSeen)

activate('left')
await loadState()
guide = createGuide(people, { put, panel, toast })
find(root, 'guide').replaceChildren(...guide('step'))
await recall()
listen(onNews, online)
root.dataset.ready = 'true'
