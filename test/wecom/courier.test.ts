import { describe, expect, it } from 'vitest'
import type { Part } from '../../src/bot/message.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { createCourier } from '../../src/wecom/courier.ts'

const part: Part = { msgtype: 'text', text: { content: '明晚7点党课' } }
const nobody = { errcode: 0 as const, invaliduser: [] as string[], unlicenseduser: [] as string[] }

function courierWith(answer: (touser: string) => Partial<typeof nobody>) {
  const sent: Part[] = []
  const courier = createCourier({
    agentId: 1000002,
    sendMessage: async body => {
      sent.push(body)
      return { ...nobody, ...answer(String(body.touser)) }
    },
  })
  return { courier, sent, receivers: () => sent.map(body => body.touser) }
}

const refuse = (code: number) => {
  throw new WecomError('message/send', code, '')
}

describe('sending', () => {
  it('names the people, the app, and whether duplicates are checked', async () => {
    const { courier, sent } = courierWith(() => ({}))
    expect(await courier.send(part, ['zhangsan', 'lisi'], true)).toMatchObject({ unreached: [] })
    await courier.send({ msgtype: 'template_card', template_card: {} }, ['lisi'], false)
    expect(sent).toEqual([
      {
        touser: 'zhangsan|lisi',
        agentid: 1000002,
        ...part,
        safe: 0,
        enable_duplicate_check: 1,
        duplicate_check_interval: 14_400,
      },
      { touser: 'lisi', agentid: 1000002, msgtype: 'template_card', template_card: {}, enable_duplicate_check: 0 },
    ])
  })

  it('is the same byte for byte when it is repeated', async () => {
    const { courier, sent } = courierWith(() => ({}))
    await courier.send(part, ['zhangsan', 'lisi'], true)
    await courier.send(part, ['zhangsan', 'lisi'], true)
    expect(JSON.stringify(sent[0])).toBe(JSON.stringify(sent[1]))
  })

  it('to nobody calls nothing', async () => {
    const { courier, sent } = courierWith(() => ({}))
    expect(await courier.send(part, [], true)).toEqual({ unreached: [], msgids: [] })
    expect(sent).toEqual([])
  })
})

describe('who was not reached', () => {
  it('is found in the answer’s lists without regard to case, with what to do', async () => {
    const { courier } = courierWith(() => ({ invaliduser: ['zhangsan'], unlicenseduser: ['LiSi', 'stranger'] }))
    expect((await courier.send(part, ['ZhangSan', 'lisi', 'wangwu'], true)).unreached).toEqual([
      { userId: 'ZhangSan', code: 'invalid', advice: expect.stringContaining('可见范围') },
      { userId: 'lisi', code: 'unlicensed', advice: expect.stringContaining('许可') },
    ])
  })

  it('81013: everybody', async () => {
    const { courier, sent } = courierWith(() => refuse(81013))
    expect((await courier.send(part, ['a', 'b'], true)).unreached).toMatchObject([
      { userId: 'a', code: '81013' },
      { userId: 'b', code: '81013' },
    ])
    expect(sent).toHaveLength(1)
  })

  it.each([40003, 46004, 60111])('%i: one bad account does not keep the message from the others', async code => {
    const { courier, receivers } = courierWith(touser => (touser.split('|').includes('bad') ? refuse(code) : {}))
    const people = ['a', 'b', 'bad', 'c', 'd']
    expect((await courier.send(part, people, true)).unreached).toEqual([
      { userId: 'bad', code: String(code), advice: expect.stringContaining('账号') },
    ])
    expect(receivers()).toEqual(['a|b|bad|c|d', 'a|b|bad', 'a|b', 'bad', 'c|d'])
  })

  it('other refusals and silence are thrown', async () => {
    await expect(courierWith(() => refuse(45009)).courier.send(part, ['a'], true)).rejects.toThrow(WecomError)
    const silent = courierWith(() => {
      throw new WecomUnreachableError('message/send', true)
    })
    await expect(silent.courier.send(part, ['a'], true)).rejects.toThrow(WecomUnreachableError)
  })
})
