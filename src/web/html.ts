/** Pages are small: a template that escapes what is put into it is all they need. */

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, character => ESCAPES[character] ?? character)

/** html`<p>${words}</p>`: words are escaped, Markup is not. */
export function html(pieces: TemplateStringsArray, ...values: readonly (string | number | Markup)[]): Markup {
  const shown = values.map(value => (value instanceof Markup ? value.text : escaped(String(value))))
  return new Markup(String.raw({ raw: pieces }, ...shown))
}

/** Data for a script of the page, in a block that no browser runs: nothing in it can end that block. */
export const dataBlock = (id: string, data: unknown): Markup =>
  new Markup(`<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`)
