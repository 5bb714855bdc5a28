import { find } from './dom.js'

/** Instead of a camera: the words of the QR code are typed. `done(text, entry)` gets the menu's entry that opened it. */
export function createScanner(root, done) {
  const form = find(root, 'scanner')
  const words = find(root, 'scan-text')
  let opened = {}

  const close = () => {
    form.hidden = true
    words.value = ''
  }
  form.addEventListener('submit', event => {
    event.preventDefault()
    if (words.value.trim() === '') return
    done(words.value.trim(), opened)
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
