import { find } from './dom.js'

const HERE = [location.hostname, 'localhost', '127.0.0.1']

/**
 * Instead of a camera: the words of the QR code are typed, or the address of the page that shows one. `done(text, entry)` gets
 * the menu's entry that opened it, `complain` a sentence where nothing was seen.
 */
export function createScanner(root, done, complain) {
  const form = find(root, 'scanner')
  const words = find(root, 'scan-text')
  let opened = {}

  const close = () => {
    form.hidden = true
    words.value = ''
  }
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const typed = words.value.trim()
    if (typed === '') return
    const text = await lookAt(typed)
    if (text === '') return complain('那个网页上现在没有二维码。')
    done(text, opened)
    close()
  })
  find(root, 'scan-cancel').addEventListener('click', close)
  form.addEventListener('keydown', event => event.key === 'Escape' && close())

  return {
    open(entry) {
      opened = entry
      form.hidden = false
      words.focus()
    },
  }
}

/**
 * What the QR code says that a page of this machine shows now; '': it should show one and does not. Anything else is no such
 * page, and was on the code itself.
 */
async function lookAt(typed) {
  const address = URL.canParse(typed) ? new URL(typed) : null
  if (!address || address.port !== location.port || !HERE.includes(address.hostname)) return typed
  const shown = await fetch(address.pathname).catch(() => null)
  const page = new DOMParser().parseFromString((await shown?.text()) ?? '', 'text/html')
  return page.querySelector('[data-qr]')?.dataset.qr ?? typed
}
