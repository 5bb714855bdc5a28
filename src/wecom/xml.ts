import { SaxesParser } from 'saxes'

/** The little XML that WeCom callbacks need: elements and text. Attributes, comments and instructions are ignored. */
export interface XmlNode {
  name: string
  /** The element's own text, spaces kept, pieces of a split CDATA joined. */
  text: string
  children: XmlNode[]
}

/** The text is not well-formed XML, or declares a DTD. The message holds nothing of the text. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** Returns the root element. Any doctype is refused, so that there are no entities but the five of XML. Throws XmlError. */
export function parseXml(text: string): XmlNode {
  try {
    return reader.read(text)
  } catch (error) {
    // It stopped in the middle, so that it cannot be used again.
    reader = createReader()
    throw error
  }
}

/** A parser is ready for the next document when it has closed one: making one anew costs as much as parsing. */
function createReader() {
  let open: XmlNode[] = []
  const parser = new SaxesParser({ position: false })
  const append = (piece: string) => {
    const node = open[open.length - 1]
    if (node) node.text += piece
  }
  parser.on('error', () => refuse('the XML is malformed'))
  parser.on('doctype', () => refuse('the XML declares a DTD'))
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('opentag', tag => {
    const node: XmlNode = { name: tag.name, text: '', children: [] }
    open[open.length - 1]?.children.push(node)
    open.push(node)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  return {
    read(text: string): XmlNode {
      const document: XmlNode = { name: '', text: '', children: [] }
      open = [document]
      parser.write(text).close()
      return document.children[0] ?? refuse('the XML is empty')
    },
  }
}

let reader = createReader()

function refuse(why: string): never {
  throw new XmlError(why)
}

/** The first child of that name. */
export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  for (const child of node.children) if (child.name === name) return child
  return undefined
}

/** A list of one looks like a list of many. */
export const childrenOf = (node: XmlNode, name: string): readonly XmlNode[] =>
  node.children.filter(child => child.name === name)

/** The text of the first child of that name; '' where it is empty, undefined where it is missing. */
export const textOf = (node: XmlNode, name: string): string | undefined => childOf(node, name)?.text

const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/** Every UTF-16 unit that may be part of something illegal: much cheaper to look for. */
const SUSPECT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/

/** Without the characters that XML 1.0 cannot hold: most control characters and lone surrogates. */
export const withoutIllegal = (text: string): string => (SUSPECT.test(text) ? text.replace(ILLEGAL, '') : text)

/** A CDATA section; `]]>` in the text is split over two sections. */
export const cdata = (text: string): string =>
  `<![CDATA[${withoutIllegal(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** `content` is markup: `cdata(text)`, further elements, or a number. */
export const element = (name: string, content: string | number): string => `<${name}>${content}</${name}>`
