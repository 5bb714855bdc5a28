import { createChat } from './chat.js'
import { el, find } from './dom.js'
import { createDrawer } from './drawer.js'
import { chipsOf, hueOf, placeOf } from './persons.js'
import { ask, tell } from './server.js'

/** One phone. `choose(userId)` is called when its holder changes, `acted()` when he does something. */
export function createPhone(root, { choose, complain, acted, steps }) {
  root.append(document.getElementById('phone').content.cloneNode(true))
  const box = find(root, 'box')
  const drawer = createDrawer(root, choose)
  let person = null
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

  const chat = createChat(find(root, 'chat'), press, steps)

  async function refresh() {
    if (!person) return
    asked += 1
    const [mine, userId] = [asked, person.userId]
    const { items } = await ask(`chat/${encodeURIComponent(userId)}`)
    // A later question overtook this answer, or the phone has changed hands.
    if (mine === asked && person.userId === userId) chat.draw(items)
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

  listenTo(root, { say, act, complain })

  return {
    refresh,
    people: drawer.show,
    holder: () => person?.userId ?? '',
    /** Puts the phone in a person's hands, or brings what is known of the holder up to date. */
    async hold(latest) {
      const changed = person?.userId !== latest.userId
      const looked = person?.look !== latest.look
      person = latest
      drawHead()
      if (changed) chat.clear()
      if (changed || looked) drawChips()
      if (changed || looked) await refresh()
    },
    fill(text) {
      box.value = text
      box.focus()
    },
  }
}

function listenTo(root, { say, act, complain }) {
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
  find(root, 'scan').addEventListener('click', () => {
    if (box.value.trim() === '') return complain('先把二维码里的字写在框里，再按扫码。')
    act('scan', { text: box.value.trim() })
    box.value = ''
  })
  for (const button of find(root, 'menu').children) {
    button.addEventListener('click', () => act('click', { key: button.dataset.key }))
  }
  for (const button of root.querySelectorAll('.looks button')) {
    button.addEventListener('click', () => act('look', { look: button.dataset.look }))
  }
}
