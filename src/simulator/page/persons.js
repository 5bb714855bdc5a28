/** What the page says of a person, from the roster. */
export const postsOf = membership => membership.posts.join('、')

export function roleOf(person, membership = person.memberships[0]) {
  const posts = membership ? postsOf(membership) : ''
  return posts || person.identity || '不在名册'
}

export function placeOf(person) {
  const [own] = person.memberships
  if (!own) return '不在名册'
  return [roleOf(person, own), own.branch, own.group].filter(Boolean).join(' · ')
}

export function clientOf(person) {
  if (person.noPhone) return '无手机'
  return person.wechat ? '微信' : '企业微信'
}

export const hueOf = person => `hue-${[...person.userId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6}`
export const allPosts = person => person.memberships.flatMap(membership => membership.posts)
const current = person => person.status === '在册' && !person.noPhone

/** The branch with most people, its secretary, and an ordinary member who sees cards: the cast of the guide. */
export function castOf(people) {
  const sizes = new Map()
  for (const person of people) {
    const branch = person.memberships[0]?.branch
    if (branch) sizes.set(branch, (sizes.get(branch) ?? 0) + 1)
  }
  const [largest] = [...sizes].sort((a, b) => b[1] - a[1])[0] ?? ['']
  const own = people.filter(person => person.memberships[0]?.branch === largest && current(person))
  const secretary = own.find(person => allPosts(person).includes('书记')) ?? own[0]
  const plain = person => allPosts(person).length === 0 && person.identity === '正式党员' && !person.wechat
  const member = own.find(person => plain(person) && person !== secretary) ?? own.at(-1)
  return { secretary: secretary?.userId ?? '', member: member?.userId ?? '' }
}

export const MEETING = '会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章'

/** What this person most likely wants to say; first, where the look is not what the roster says, how to tell the bot. */
export function chipsOf(person) {
  const posts = allPosts(person)
  const chips = []
  if (person.look === 'wechat' && !person.wechat) chips.push('界面 文字')
  if (person.look === 'wecom' && person.wechat) chips.push('界面 卡片')
  if (posts.some(post => /书记|委员/.test(post))) chips.push(MEETING, '名单', '补签 全到', '会议 结束')
  if (posts.includes('党小组长')) chips.push('会议 新建 党小组会 明晚7点 组长家 学习讨论')
  if (person.admin) chips.push('会议 新建 @水泉 党课 明晚7点 村部 学习党章')
  return [...chips, '签到', '请假 发烧', '会议', '我的', '帮助']
}
