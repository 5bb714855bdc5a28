import nzh from 'nzh/cn'

/**
 * Money as people say and write it; inside it is whole fen, everywhere. Numbers are taken apart by their digits: a float
 * would lose a fen now and then.
 */

/** DOMAIN.md 2.2: a single payment above this follows the procedure for large dues, which is not the branch's. */
export const MOST_AT_ONCE_FEN = 100_000

/** Longer texts are no amount; the limit keeps the work small whatever is pasted. */
const LONGEST = 32
const EXAMPLE = '请写成元，如 0.50 或 5角'

const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g
const NUMERALS = '〇零一二两三四五六七八九十百千万廿壹贰叁肆伍陆柒捌玖拾佰仟'
const UNITS = '元块圆角毛分'

/** 五 may be yuan or jiao, a person's place or a group; in digits, 0.5 and 5 are yuan in every form of an office. */
const NO_UNIT = new RegExp(`^[^${UNITS}]*[${NUMERALS}][^${UNITS}]*$`)

// Of what is left when numerals are digits:
const DECIMAL = /^(\d{1,3}(?:,\d{3})+|\d{1,9})?(?:\.(\d{1,2}))?[元块圆]?$/
/** '15角' and '50分' are said alone; behind a larger unit ten of the smaller are a slip, but for '1元50分'. */
const BY_UNITS = [
  /^(?<yuan>\d{1,9})[元块圆](?:(?<jiao>0?\d)[角毛])?(?:(?<fen>0?\d)分)?$/,
  /^(?<yuan>\d{1,9})[元块圆](?<fen>\d\d)分$/,
  /^(?<jiao>\d{1,2})[角毛](?:(?<fen>\d)分?)?$/,
  /^(?<fen>\d{1,2})分$/,
  /^(?<yuan>\d{1,9})[元块圆](?<jiao>0?\d)[角毛](?<fen>\d)$/,
]
/** '1块5' and '一块零五': the unit of what comes last goes without saying. */
const YUAN_AND_REST = /^(\d{1,9})[元块圆](\d{1,2})$/

const MONTH = /^(?:19|20)\d{2}\.?(?:0?[1-9]|1[0-2])$/
const PLAIN = /^[-负]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)$|^[-负]?¥/
const WITH_UNIT = new RegExp(
  `^[-负]?(?:人民币)?[\\d.半${NUMERALS}][\\d.,点${NUMERALS}]*[${UNITS}][\\d.零半${NUMERALS}${UNITS}]*[钱整正]?$`,
)

/**
 * An amount in fen, or why it is none, in words for who typed it. Never a guess: what can be read as two amounts is
 * refused. `most`: in fen.
 */
export function readAmount(
  said: string,
  { most = MOST_AT_ONCE_FEN }: { most?: number } = {},
): { fen: number } | { refused: string } {
  const text = fold(said)
  if (text === '') return { refused: `没有写金额，${EXAMPLE}` }
  const fen = text.length > LONGEST || NO_UNIT.test(text) ? null : fenIn(inDigits(text))
  if (fen === null) return { refused: `“${said.trim().slice(0, 20)}”${whyNone(text)}，${EXAMPLE}` }
  if (fen === 0) return { refused: `金额不能是 0，${EXAMPLE}` }
  if (fen <= most) return { fen }
  const why = most === MOST_AT_ONCE_FEN ? '，大额党费另有程序' : ''
  return { refused: `${spellYuan(fen)} 元太多了，一次最多 ${spellYuan(most)} 元${why}；请核对，如 0.50` }
}

/**
 * Whether a word is meant as an amount at all, right or wrong: '5角', '0.555', '-1元'. A bare integer is (it may as well be
 * a row number: the caller knows); a month such as 2026.11 or 202611 is not.
 */
export function looksLikeAmount(word: string): boolean {
  const text = fold(word).replaceAll(' ', '')
  if (text.length > LONGEST || MONTH.test(text)) return false
  return PLAIN.test(text) || WITH_UNIT.test(text)
}

/** '0.50', '1234.00', '-0.50' */
export function spellYuan(fen: number): string {
  if (!Number.isSafeInteger(fen)) throw new RangeError('money is whole fen')
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * '人民币壹元零伍分', for receipts. 正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1) art. 1: 整 stands behind 元, may be
 * left out behind 角, as here, and is never behind 分.
 */
export function inCapitals(fen: number): string {
  const yuan = spellYuan(fen)
  return nzh.toMoney(yuan.endsWith('.00') ? yuan.slice(0, -3) : yuan)
}

/** '0。5' is what a Chinese keyboard makes of 0.5. */
const fold = (said: string): string =>
  said
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(/(?<=\d)。(?=\d)/g, '.')
    .replace(/[‐-―−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * '人民币壹元伍角整' → '1元5角', '一块半' → '1块5'. A space goes only where what stands behind it belongs to what stands before:
 * '1 元 5 角' is one amount, but '0.5 1' is two, '1块 5' may be row 5, '1. 5' the first of a list.
 */
function inDigits(text: string): string {
  const counted = text
    .replace(/^人民币 ?/, '')
    .replace(/^¥ ?/, '')
    .replace(new RegExp(`(?<=[${UNITS}]) ?[钱整正]$`), '')
    .replace(new RegExp(`(?<=点)[${NUMERALS}]+`), foldDigits)
    .replace(new RegExp(`(?<![\\d.,${NUMERALS}])[${NUMERALS}]+(?![\\d.,${NUMERALS}])`, 'g'), foldNumeral)
    .replace(/(?<=\d)点(?=\d{1,2} ?[元块圆]$)/, '.')
  return counted
    .replace(/^半 ?[元块圆]$/, '5角')
    .replace(/(?<=\d ?[元块圆]) ?半$/, '5')
    .replace(new RegExp(` (?=[${UNITS}])|(?<=^0\\.) `, 'g'), '')
    .replace(new RegExp(`(?<=[${UNITS}]) (?=\\d+[${UNITS}])`, 'g'), '')
}

const CAPITALS = '壹贰叁肆伍陆柒捌玖拾佰仟'
const plainNumeral = (said: string): string =>
  said
    .replace(new RegExp(`[${CAPITALS}]`, 'g'), sign => '一二三四五六七八九十百千'.charAt(CAPITALS.indexOf(sign)))
    .replaceAll('两', '二')
    .replaceAll('〇', '零')
    .replaceAll('廿', '二十')
    .replace(/^一十/, '十')

/** nzh reads 一百五 as 105, 一二三 as 123 and what it cannot read as 0: only what it writes the same way is believed. */
function foldNumeral(said: string): string {
  const plain = plainNumeral(said)
  const [, zero = '', rest = plain] = /^(零)(.+)$/.exec(plain) ?? []
  const count = nzh.decodeS(rest)
  return nzh.encodeS(count) === rest ? `${zero && '0'}${count}` : said
}

/** Behind 点 each numeral is a digit: 零点二五. */
function foldDigits(said: string): string {
  const digits = [...plainNumeral(said)].map(sign => '零一二三四五六七八九'.indexOf(sign))
  return digits.includes(-1) ? said : digits.join('')
}

function fenIn(text: string): number | null {
  const [decimal, yuan, fen] = DECIMAL.exec(text) ?? []
  if (decimal !== undefined && (yuan ?? fen) !== undefined)
    return sum(yuan?.replaceAll(',', ''), '0', fen?.padEnd(2, '0'))
  const [, wholeYuan, rest] = YUAN_AND_REST.exec(text) ?? []
  if (rest !== undefined) return sum(wholeYuan, '0', rest.padEnd(2, '0'))
  const groups = BY_UNITS.map(form => form.exec(text)?.groups).find(found => found !== undefined)
  return groups === undefined ? null : sum(groups.yuan, groups.jiao, groups.fen)
}

const sum = (yuan = '0', jiao = '0', fen = '0'): number => Number(yuan) * 100 + Number(jiao) * 10 + Number(fen)

function whyNone(text: string): string {
  if (/^¥? ?[-负]/.test(text)) return '是负数，金额要大于 0'
  if (/[a-z]/i.test(text)) return '里有字母，不是金额'
  if (/^¥?[\d,]*\.\d{3,} ?[元块圆]?$/.test(text)) return '太细了，元后面最多两位小数'
  if (new RegExp(`^[${NUMERALS}]+$`).test(text)) return '没有说是元还是角'
  const amounts = inDigits(text.slice(0, LONGEST)).match(/[\d,]*\.?\d+ ?[元块圆角毛分]?/g) ?? []
  return amounts.length > 1 ? '像是两个金额，一次只写一个' : '不是金额'
}
