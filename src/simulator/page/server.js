const API = '/simulator/api/'

export async function ask(path) {
  const response = await fetch(API + path)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}

export async function tell(path, body) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(API + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}

/** Calls `changed(userIds)` for news, and with null after each (re)connection: then everything may be new. */
export function listen(changed, online) {
  const source = new EventSource(`${API}stream`)
  source.onopen = () => {
    online(true)
    changed(null)
  }
  source.onmessage = event => changed(JSON.parse(event.data).changed)
  source.onerror = () => {
    online(false)
    // The browser tries again by itself after a cut, but not after an HTTP error.
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(() => listen(changed, online), 2000)
  }
}
