import { el, find } from './dom.js'
import { clientOf, hueOf, roleOf } from './persons.js'

/** The list of people of one phone. `choose(userId)` is called with who was picked. */
export function createDrawer(root, choose) {
  const drawer = find(root, 'people')
  const search = find(root, 'search')
  const list = drawer.querySelector('.drawer-list')
  let people = []

  function draw() {
    const wanted = search.value.trim().toLowerCase()
    const groups = new Map()
    for (const person of people.filter(({ status }) => status !== '去世')) {
      for (const membership of person.memberships.length > 0 ? person.memberships : [null]) {
        if (!matches(person, membership, wanted)) continue
        const branch = membership?.branch ?? '不在名册'
        groups.set(branch, [...(groups.get(branch) ?? []), rowOf(person, membership)])
      }
    }
    const sections = [...groups].map(([branch, rows]) => el('section', {}, el('h3', {}, branch), ...rows))
    list.replaceChildren(
      ...(sections.length > 0 ? sections : [el('p', { class: 'hint' }, '没有这样的人，换个字试试。')]),
    )
  }

  function rowOf(person, membership) {
    const role = membership ? [membership.group, roleOf(person, membership)].filter(Boolean).join(' · ') : person.userId
    const state = person.status !== '在册' && person.status !== '' ? ` · ${person.status}` : ''
    const why = person.noPhone ? el('small', { class: 'why' }, '没有手机：由书记从纸质名单补签') : null
    const names = el('span', { class: 'who-text' }, el('strong', {}, person.name), el('small', {}, role + state), why)
    const badge = person.unread > 0 ? el('span', { class: 'badge' }, String(person.unread)) : null
    const client = el('span', { class: `client ${person.wechat ? 'wechat' : ''}` }, clientOf(person))
    const avatar = el('span', { class: `avatar ${hueOf(person)}`, 'aria-hidden': 'true' }, person.name.slice(0, 1))
    const attributes = { type: 'button', class: 'person', 'data-testid': 'person', 'data-user': person.userId }
    const pick = () => {
      close()
      choose(person.userId)
    }
    return el('button', { ...attributes, disabled: person.noPhone, onclick: pick }, avatar, names, badge, client)
  }

  function open() {
    drawer.hidden = false
    search.value = ''
    draw()
    list.scrollTop = 0
    search.focus()
  }

  function close() {
    drawer.hidden = true
    find(root, 'who').focus()
  }

  find(root, 'who').addEventListener('click', open)
  find(root, 'close-people').addEventListener('click', close)
  search.addEventListener('input', draw)
  drawer.addEventListener('keydown', event => event.key === 'Escape' && close())

  return {
    show(latest) {
      people = latest
      if (!drawer.hidden) draw()
    },
  }
}

function matches(person, membership, wanted) {
  const words = [person.name, person.userId, person.identity, membership?.branch, membership?.group, clientOf(person)]
  return [...words, ...(membership?.posts ?? [])].some(word => (word ?? '').toLowerCase().includes(wanted))
}
