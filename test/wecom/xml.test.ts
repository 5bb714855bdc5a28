import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cdata, childOf, childrenOf, element, parseXml, textOf, XmlError } from '../../src/wecom/xml.ts'

describe('reading', () => {
  it('gives elements and text, plain or CDATA, with their spaces', () => {
    const root = parseXml('<xml><A><![CDATA[ 签到 ]]></A><B> 4821 </B><C/><L><I>1</I><I>2</I></L></xml>')
    expect(textOf(root, 'A')).toBe(' 签到 ')
    expect(textOf(root, 'B')).toBe(' 4821 ')
    expect(textOf(root, 'C')).toBe('')
    expect(textOf(root, 'D')).toBeUndefined()
    const list = childOf(root, 'L')
    expect(list && childrenOf(list, 'I').map(item => item.text)).toEqual(['1', '2'])
  })

  it('joins the pieces of a split CDATA', () => {
    expect(textOf(parseXml('<x><A><![CDATA[a]]]]><![CDATA[>b]]>c</A></x>'), 'A')).toBe('a]]>bc')
  })

  it('knows the five entities and character references, and no others', () => {
    expect(textOf(parseXml('<x><A>&lt;&amp;&gt;&quot;&apos;&#20826;</A></x>'), 'A')).toBe('<&>"\'党')
    expect(() => parseXml('<x>&nbsp;</x>')).toThrow(XmlError)
  })

  it('ignores a declaration and comments', () => {
    expect(textOf(parseXml('<?xml version="1.0" encoding="UTF-8"?><x><!-- no --><A>1</A></x>'), 'A')).toBe('1')
  })

  it.each([
    ['nothing', ''],
    ['plain text', 'hello'],
    ['JSON', '{"a":1}'],
    ['an open element', '<xml><A>1</A>'],
    ['crossed elements', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['an open CDATA', '<a><![CDATA[x</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a doctype', '<!DOCTYPE a><a/>'],
    ['an internal entity', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'],
  ])('refuses %s', (_, text) => {
    expect(() => parseXml(text)).toThrow(XmlError)
  })

  it('refuses a billion laughs', () => {
    const entities = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`)
    expect(() => parseXml(`<!DOCTYPE l [<!ENTITY l0 "lol">${entities.join('')}]><l>&l9;</l>`)).toThrow(XmlError)
  })

  it('says nothing of the text in its error', () => {
    expect(() => parseXml('<a>张三')).toThrow(/^the XML is malformed$/)
  })
})

describe('writing', () => {
  it('gives back any text without the characters that XML cannot hold', () => {
    const legal = fc.string({ unit: 'binary', maxLength: 200 }).map(text => text.replace(/\r/g, ''))
    fc.assert(
      fc.property(legal, text => {
        const expected = text.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
        expect(textOf(parseXml(element('x', element('A', cdata(text)))), 'A')).toBe(expected)
      }),
    )
  })

  it('keeps ]]> however often it comes', () => {
    const text = ']]>]]]>>]]>'
    expect(textOf(parseXml(element('x', element('A', cdata(text)))), 'A')).toBe(text)
  })

  it('drops control characters and lone surrogates', () => {
    expect(cdata('签\u0000\u000B到\uD83D\uFFFF')).toBe('<![CDATA[签到]]>')
  })
})

it('a malformed text leaves nothing behind for the next one', () => {
  for (const bad of [
    '<a><b>x',
    '<!DOCTYPE a [<!ENTITY e "x">]><a/>',
    '<a>&e;</a>',
    '<a><![CDATA[x',
    '',
    '<?xml version="1.1"?><a>',
  ]) {
    expect(() => parseXml(bad)).toThrow(XmlError)
    expect(parseXml('<x><A>1</A></x>')).toEqual({
      name: 'x',
      text: '',
      children: [{ name: 'A', text: '1', children: [] }],
    })
  }
})
