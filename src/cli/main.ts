#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Over a thousand small files make up the bridge. Node keeps what it made of them beside the packages, so that the next
// start takes half as long; where that folder cannot be written, it starts as it did without. Only who may change the
// packages may write there: what lies in it is run. It has to be on before anything else is loaded.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compiled'))

const { run } = await import('./run.ts')
await run()
