import { dayOf, instantOf, spell } from './beijing.js'
import { el } from './dom.js'
import { castOf, MEETING } from './persons.js'

const DAY_MS = 24 * 3_600_000
const CALLED = 'zhibu.called'

/**
 * Four steps for a newcomer: in the panel, and in a chat that is still empty. Each puts the right person on a phone and the
 * words in the box.
 */
export function createGuide(people, { put, panel, toast }) {
  const { secretary, member } = castOf(people)
  const nameOf = userId => people.find(person => person.userId === userId)?.name ?? '书记'

  function call() {
    localStorage.setItem(CALLED, String(panel.nowMs()))
    put('left', secretary, MEETING)
    toast('按“发送”，再按卡片上的“发布”。')
  }

  /** The meeting of step 1 is on the evening after that step; check-in opens half an hour before. */
  async function checkIn() {
    const called = Number(localStorage.getItem(CALLED)) || panel.nowMs()
    const at = Date.parse(instantOf(`${dayOf(called + DAY_MS)}T18:45`))
    if (panel.nowMs() < at || panel.nowMs() - at > DAY_MS) await panel.move({ to: new Date(at).toISOString() })
    put('right', member, '签到')
    toast(`现在是 ${spell(panel.nowMs())}，按“发送”签到。`)
  }

  function fillIn() {
    put('left', secretary, '补签 全到')
    toast('按“发送”，再按卡片上的“发布”。')
  }

  function closeMeeting() {
    put('left', secretary, '会议 结束')
    toast('按“发送”，看应到、实到。')
  }

  const steps = [
    [`书记${nameOf(secretary)}发起党课`, call],
    [`第二天傍晚，${nameOf(member)}签到`, checkIn],
    ['书记补签全到', fillIn],
    [`书记${nameOf(secretary)}结束会议`, closeMeeting],
  ]
  /** `mark`: what tells this list from the other for tests. */
  return mark =>
    steps.map(([label, run], i) => {
      const attributes = { type: 'button', 'data-testid': `${mark}-${i + 1}`, onclick: run }
      return el('li', {}, el('button', attributes, `${i + 1}. ${label}`))
    })
}
