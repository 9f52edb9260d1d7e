import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROOT, SetupError, which } from './report.mjs'
import { installSystemPackage } from './system-package.mjs'

const NAMES = { 'apt-get': 'redis-server', apk: 'redis', dnf: 'redis', brew: 'redis' }

/** Makes sure that redis-server is on the PATH, unless the configuration names a Redis elsewhere. */
export function ensureRedis({ unlessConfigured = false } = {}) {
  if (which('redis-server') || which('valkey-server')) return
  if (unlessConfigured && namesRedis()) return
  if (installSystemPackage('Installing redis-server', NAMES) && which('redis-server')) return
  throw new SetupError(
    'redis-server is missing and could not be installed: run "apt install redis-server", "apk add redis", "dnf install redis" or "brew install redis" (as an administrator), or set redis.url in the configuration.',
  )
}

/** A look at the file is enough here: whether it is right is checked when the bridge starts. */
function namesRedis() {
  const file = resolve(ROOT, process.env.BRIDGE_CONFIG ?? join('config', 'bridge.yaml'))
  return existsSync(file) && /^redis:/m.test(readFileSync(file, 'utf8'))
}
