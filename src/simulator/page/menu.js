import { el } from './dom.js'

/** Before menu/create was called. */
const DEFAULT = [
  { type: 'click', name: '签到', key: '/签到' },
  { type: 'click', name: '我的', key: '/我的' },
  { type: 'click', name: '帮助', key: '/帮助' },
]

/** The app's menu at the bottom of the chat. `choose(entry)` is called with what was picked, below another or not. */
export function createMenu(nav, choose) {
  let drawn = ''

  function close(except = null) {
    for (const opener of nav.querySelectorAll('[aria-expanded=true]')) {
      if (opener === except) continue
      opener.setAttribute('aria-expanded', 'false')
      opener.nextElementSibling.hidden = true
    }
  }

  function pick(entry) {
    close()
    choose(entry)
  }

  const leaf = entry => el('button', { type: 'button', 'data-key': entry.key, onclick: () => pick(entry) }, entry.name)

  function openerOf({ name, sub_button: below }) {
    const list = el('div', { class: 'submenu', hidden: true }, ...below.map(leaf))
    const opener = el('button', { type: 'button', 'aria-expanded': 'false', 'aria-haspopup': 'true' }, `${name} ≡`)
    opener.addEventListener('click', () => {
      close(opener)
      list.hidden = !list.hidden
      opener.setAttribute('aria-expanded', String(!list.hidden))
    })
    return [opener, list]
  }

  document.addEventListener('click', event => nav.contains(event.target) || close())
  nav.addEventListener('keydown', event => event.key === 'Escape' && close())

  return {
    draw(menu) {
      const entries = menu?.button ?? DEFAULT
      // The state comes with each piece of news: what is open must not close for that.
      if (drawn === JSON.stringify(entries)) return
      drawn = JSON.stringify(entries)
      const nodes = entries.map(entry => (entry.sub_button?.length > 0 ? openerOf(entry) : [leaf(entry)]))
      nav.replaceChildren(...nodes.map(parts => el('div', { class: 'menu-entry' }, ...parts)))
    },
  }
}
