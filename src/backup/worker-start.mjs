import { register } from 'tsx/esm/api'

// Plain JavaScript: in Node 20 a worker does not have the loader of the program, nor can it be given one by `--import`.
register()
await import('./worker.ts')
