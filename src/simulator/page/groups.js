import { el, find } from './dom.js'
import { tell } from './server.js'

const KINDS = { appchat: '机器人建的群', webhook: '加了机器人的群' }
const STATES = { alive: '', dissolved: ' · 已解散', removed: ' · 机器人已移除', stopped: ' · 机器人已停用' }

/** The panel's groups: which there are, a robot for one, and the end of one. `fill(words)` puts words into a phone's box. */
export function createGroups(root, { holder, fill, toast }) {
  find(root, 'add-robot').addEventListener('click', async () => {
    try {
      const { key } = await tell('webhook', { userId: holder() })
      fill(`群 机器人 ${key}`)
      toast('群里加好了机器人，钥匙已写在框里，按“发送”。')
    } catch (error) {
      toast(`没有加成（${error.message}），请再试一次。`)
    }
  })

  async function dissolve({ id, name }) {
    await tell('dissolve', { id })
    toast(`“${name}”解散了：机器人下次往群里发会被拒绝。`)
  }

  return {
    show(groups) {
      find(root, 'groups-none').hidden = groups.length > 0
      find(root, 'groups').replaceChildren(...groups.map(rowOf))
      const alive = groups.filter(({ state }) => state !== 'dissolved')
      const buttons = alive.map(group =>
        el(
          'button',
          { type: 'button', 'data-testid': 'dissolve', onclick: () => dissolve(group) },
          `解散 ${group.name}`,
        ),
      )
      find(root, 'dissolving').replaceChildren(...buttons)
    },
  }
}

function rowOf({ id, kind, name, members, state }) {
  const about = el('small', {}, `${KINDS[kind]} · ${members} 人${STATES[state]}`)
  const key = kind === 'webhook' ? el('code', {}, `群 机器人 ${id}`) : null
  return el('li', { 'data-testid': 'group' }, el('strong', {}, name), about, key)
}
