import { createChat } from './chat.js'
import { createChats } from './chats.js'
import { el, find } from './dom.js'
import { createDrawer } from './drawer.js'
import { createMenu } from './menu.js'
import { chipsOf, hueOf, placeOf } from './persons.js'
import { createScanner } from './scanner.js'
import { ask, tell } from './server.js'

/** One phone. `choose(userId)` is called when its holder changes, `acted()` when he does something. */
export function createPhone(root, { choose, complain, acted, steps }) {
  root.append(document.getElementById('phone').content.cloneNode(true))
  const box = find(root, 'box')
  const drawer = createDrawer(root, choose)
  let person = null
  /** The group on the screen; '': the chat with the bot. */
  let group = ''
  let asked = 0
  let pending = 0

  /** Does something in this person's name and shows that an answer is awaited. */
  async function act(path, body) {
    pending += 1
    acted()
    find(root, 'waiting').hidden = false
    try {
      const { problem } = await tell(path, { userId: person.userId, ...body })
      if (problem) complain(problem)
    } catch (error) {
      complain(`没有发出去（${error.message}），请再试一次。`)
    }
    pending -= 1
    find(root, 'waiting').hidden = pending === 0
    // Offline: the stream asks for everything when the connection is back.
    await refresh().catch(() => {})
  }

  function say(text) {
    if (text.trim() === '' || !person) return
    act('say', { text })
  }

  const press = (card, button, options, pressed) => {
    pressed.disabled = true
    act('press', { taskId: card.taskId, key: button.key, options }).finally(() => {
      pressed.disabled = false
    })
  }

  const trying = () => [
    el('p', { class: 'hint empty' }, '还没有消息。点下面的话试试，或者打字。'),
    el('ol', { class: 'guide' }, ...steps()),
  ]
  const chat = createChat(find(root, 'chat'), press, () =>
    group === '' ? trying() : [el('p', { class: 'hint empty' }, '群里还没有消息。')],
  )
  const chats = createChats(root, show)

  const scanner = createScanner(root, (text, entry) => act('scan', { text, ...entry }), complain)
  const menu = createMenu(find(root, 'menu'), entry => take(entry, { act, scanner, complain }))

  async function refresh() {
    if (!person) return
    asked += 1
    const mine = asked
    const { items } = await ask(
      group === '' ? `chat/${encodeURIComponent(person.userId)}` : `group/${encodeURIComponent(group)}`,
    )
    // A later question overtook this answer: of this chat, of another one, or of another holder.
    if (mine === asked) chat.draw(items)
  }

  async function show(id) {
    if (id === group) return
    group = id
    chat.clear()
    chats.draw(person, group)
    markSeen()
    // Offline: the stream asks for everything when the connection is back.
    await refresh().catch(() => {})
  }

  /** What is on the screen counts as read. */
  function markSeen() {
    const open = person?.groups.find(({ id }) => id === group)
    if (group === '' && person?.unread > 0) tell('seen', { userId: person.userId }).catch(() => {})
    if (open?.unread > 0) tell('group-seen', { id: group, userId: person.userId }).catch(() => {})
  }

  function drawHead() {
    const who = find(root, 'who')
    who.dataset.user = person.userId
    who.setAttribute('aria-label', `现在是${person.name}，点这里换人`)
    who.querySelector('.avatar').className = `avatar ${hueOf(person)}`
    who.querySelector('.avatar').textContent = person.name.slice(0, 1)
    who.querySelector('strong').textContent = person.name
    who.querySelector('small').textContent = placeOf(person)
    root.dataset.look = person.look
    for (const button of root.querySelectorAll('[data-look]')) {
      button.setAttribute('aria-pressed', String(button.dataset.look === person.look))
    }
  }

  function drawChips() {
    const chip = text =>
      el('button', { type: 'button', title: text, 'data-testid': 'chip', onclick: () => say(text) }, text)
    find(root, 'chips').replaceChildren(...chipsOf(person).map(chip))
  }

  listenTo(root, { say, act, scanner })

  return {
    refresh,
    markSeen,
    people: drawer.show,
    menu: menu.draw,
    holder: () => person?.userId ?? '',
    /** Puts the phone in a person's hands, or brings what is known of the holder up to date. */
    async hold(latest) {
      const changed = person?.userId !== latest.userId
      const looked = person?.look !== latest.look
      person = latest
      const gone = group !== '' && person.groups.every(({ id }) => id !== group)
      if (changed || gone) {
        group = ''
        chat.clear()
      }
      drawHead()
      chats.draw(person, group)
      if (changed || looked) drawChips()
      if (changed || looked || gone) await refresh()
    },
    fill(text) {
      show('')
      box.value = text
      box.focus()
    },
  }
}

function listenTo(root, { say, act, scanner }) {
  const box = find(root, 'box')
  const more = find(root, 'more')
  root.querySelector('.say').addEventListener('submit', event => {
    event.preventDefault()
    say(box.value)
    box.value = ''
  })
  // Enter that only ends the input of a Chinese word must not send.
  box.addEventListener('keydown', event => event.key === 'Enter' && event.isComposing && event.preventDefault())
  more.addEventListener('click', () => {
    const extras = root.querySelector('.extras')
    extras.hidden = !extras.hidden
    more.setAttribute('aria-expanded', String(!extras.hidden))
  })
  find(root, 'picture').addEventListener('click', () => act('picture', {}))
  find(root, 'scan').addEventListener('click', () => scanner.open({}))
  for (const button of root.querySelectorAll('.looks button')) {
    button.addEventListener('click', () => act('look', { look: button.dataset.look }))
  }
}

/** An entry of the menu, as the client would do it. */
function take({ type, key, url }, { act, scanner, complain }) {
  if (type === 'click') act('click', { key })
  else if (type.startsWith('scancode_')) scanner.open({ key, name: type })
  else if (type.startsWith('pic_')) act('picture', {})
  else if (type === 'view') window.open(url, '_blank', 'noopener')
  else complain('这一项模拟手机做不了。')
}
