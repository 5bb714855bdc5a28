import { inputOf, instantOf, nextMs, spell, timeOf, weekdayOf } from './beijing.js'
import { el, find } from './dom.js'
import { hueOf, placeOf } from './persons.js'
import { tell } from './server.js'

const FAULTS = {
  expireToken: { body: () => ({ expireToken: true }), said: '令牌已作废：下一次调用会被拒绝一次。' },
  busy: { body: () => ({ busy: 2 }), said: '接口繁忙：接下来两次调用会答 −1。' },
  rateLimit: { body: () => ({ rateLimit: 1 }), said: '限流：接下来一次调用会答 45009，机器人要等一分钟。' },
}

/** The panel: clock, faults, and who has something unread. `open(userId)` puts that person on a phone. */
export function createPanel(root, { open, toast }) {
  let offset = 0
  const nowMs = () => Date.now() + offset

  function tick() {
    find(root, 'clock').textContent = spell(nowMs())
    document.querySelector('.top-clock').textContent = `${weekdayOf(nowMs())} ${timeOf(nowMs())}`
  }

  async function move(body) {
    try {
      const { now } = await tell('clock', body)
      offset = Date.parse(now) - Date.now()
      tick()
      toast(`时钟拨到 ${spell(nowMs())}。`)
    } catch {
      toast('这个时间拨不过去，请换一个。')
    }
  }

  find(root, 'clock-plus-30').addEventListener('click', () => move({ addMinutes: 30 }))
  find(root, 'clock-plus-60').addEventListener('click', () => move({ addMinutes: 60 }))
  find(root, 'clock-plus-day').addEventListener('click', () => move({ addMinutes: 24 * 60 }))
  find(root, 'clock-morning').addEventListener('click', () =>
    move({ to: new Date(nextMs('08:00', nowMs())).toISOString() }),
  )
  find(root, 'clock-thursday').addEventListener('click', () => move({ weekday: 4, time: '18:45' }))
  find(root, 'clock-reset').addEventListener('click', () => move({ reset: true }))
  root.querySelector('.clock-form').addEventListener('submit', event => {
    event.preventDefault()
    move({ to: instantOf(find(root, 'clock-to').value) })
  })
  listenToFaults(root, toast)
  setInterval(tick, 1000)

  return {
    move,
    nowMs,
    show({ now, people, faults }) {
      offset = Date.parse(now) - Date.now()
      tick()
      if (!find(root, 'clock-to').value) find(root, 'clock-to').value = inputOf(nowMs())
      root.querySelector('[data-fault=deliverTwice]').setAttribute('aria-pressed', String(faults.deliverTwice))
      showRecent(root, people, open)
    },
  }
}

function listenToFaults(root, toast) {
  for (const button of root.querySelectorAll('[data-fault]')) {
    button.addEventListener('click', async () => {
      const twice = button.getAttribute('aria-pressed') !== 'true'
      const fault = FAULTS[button.dataset.fault]
      await tell('faults', fault ? fault.body() : { deliverTwice: twice })
      toast(fault ? fault.said : twice ? '从现在起，每条消息送两次。' : '每条消息又只送一次了。')
    })
  }
}

function showRecent(root, people, open) {
  const unread = people.filter(person => person.unread > 0).sort((a, b) => b.last.seq - a.last.seq)
  find(root, 'recent-none').hidden = unread.length > 0
  const rows = unread.map(person => {
    const avatar = el('span', { class: `avatar ${hueOf(person)}`, 'aria-hidden': 'true' }, person.name.slice(0, 1))
    const names = el('span', { class: 'who-text' }, el('strong', {}, person.name), el('small', {}, placeOf(person)))
    const badge = el('span', { class: 'badge' }, String(person.unread))
    const attributes = { type: 'button', class: 'person', 'data-testid': 'recent-person', 'data-user': person.userId }
    return el('li', {}, el('button', { ...attributes, onclick: () => open(person.userId) }, avatar, names, badge))
  })
  find(root, 'recent').replaceChildren(...rows)
}
