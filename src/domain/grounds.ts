/** The rules behind the numbers of a meeting: law, article, the day it came into force (DOMAIN.md 1.4, 1.5). */

const BRANCH_RULES = '《中国共产党支部工作条例（试行）》'
const BRANCH_RULES_FROM = '2018-10-28'

/** '《…》第十一条，2018-10-28 起施行' */
export const citation = (law: string, article: string, effectiveFrom: string): string =>
  `${law}${article}，${effectiveFrom} 起施行`

export const GENERAL_QUORUM = {
  says: '有表决权的到会半数以上才能开会，赞成超过应到会有表决权的半数为通过',
  cite: citation(BRANCH_RULES, '第十一条', BRANCH_RULES_FROM),
}

export const COMMITTEE_QUORUM = {
  says: '委员到会半数以上才能开会',
  cite: citation(BRANCH_RULES, '第十二条', BRANCH_RULES_FROM),
}

/** Study and activity are no hard requirement for the old, the infirm and the seriously ill. */
export const EXEMPTION = {
  says: '年老体弱等党员可免考勤，来了计到会',
  cite: citation('《中国共产党党员教育管理工作条例》', '第二十三条', '2019-05-06'),
}

/** The term itself is five years in villages and communities, three elsewhere as a rule: 支部工作条例, art. 21. */
export const TERM_ENDS = {
  says: '任期届满按期换届，提前或者延期要报上级党组织批准',
  cite: citation('《中国共产党基层组织选举工作条例》', '第三条', '2020-07-13'),
}
