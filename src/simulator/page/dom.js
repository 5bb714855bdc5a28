/**
 * Makes an element. Children that are strings become text, never markup; `on…` are listeners; false and null leave an
 * attribute out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value === true) node.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value))
  }
  node.append(...children.filter(child => child !== null && child !== undefined))
  return node
}

export const find = (root, testId) => root.querySelector(`[data-testid="${testId}"]`)
