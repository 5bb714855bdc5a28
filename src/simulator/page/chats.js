import { el, find } from './dom.js'

/** The chats of one phone: the bot's, and the groups its holder is in. `open(id)` gets '' for the bot's. */
export function createChats(root, open) {
  const nav = find(root, 'chats')

  const tab = (id, name, unread, current) => {
    const badge = unread > 0 && id !== current ? el('span', { class: 'badge' }, String(unread)) : null
    const pressed = { 'aria-pressed': String(id === current), 'data-testid': 'chat-tab', 'data-chat': id }
    return el(
      'button',
      { type: 'button', title: name, ...pressed, onclick: () => open(id) },
      el('span', {}, name),
      badge,
    )
  }

  return {
    draw(person, current) {
      nav.hidden = person.groups.length === 0
      const groups = person.groups.map(({ id, name, unread }) => tab(id, name, unread, current))
      nav.replaceChildren(tab('', '机器人', person.unread, current), ...groups)
      const group = person.groups.find(({ id }) => id === current)
      root.dataset.chat = group ? 'group' : 'bot'
      const note = find(root, 'read-only')
      note.hidden = !group
      note.textContent = group ? noteOf(group, person) : ''
    },
  }
}

function noteOf({ name, members, state }, { look }) {
  if (state === 'dissolved') return `“${name}”已解散。`
  const shown = look === 'wechat' ? '这是企业微信的群，微信里不保证看得到。' : ''
  return `${name}，${members} 人。机器人听不到群里的话，有事请点“机器人”说。${shown}`
}
