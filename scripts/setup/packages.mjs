import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runStep, SetupError, systemEnvironment } from './report.mjs'

/** Runs `npm ci` unless `node_modules` is what `package-lock.json` asks for. */
export function ensurePackages({ dev, root = ROOT }) {
  const reason = whyIncomplete({ dev, root })
  if (reason === undefined) return
  const flags = [
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    dev ? '--include=dev' : '--omit=dev',
  ]
  const title = `Installing packages (${reason})`
  if (!runStep(title, ['npm', 'ci', ...flags], { cwd: root, env: systemEnvironment() })) {
    throw new SetupError('npm ci failed; its message is above. Check the network and run it again.')
  }
}

/**
 * Why `node_modules` has to be installed, or undefined. npm notes what it installed in
 * `node_modules/.package-lock.json`. Optional packages are left out: they depend on the machine.
 */
export function whyIncomplete({ dev, root }) {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'there are none yet'
  const wanted = readLock(join(root, 'package-lock.json'))
  if (wanted === undefined) throw new SetupError('package-lock.json is missing.')
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !dev)) continue
    const name = path.replace(/^.*node_modules\//, '')
    if (installed.packages[path]?.version !== entry.version) return `${name} is missing or outdated`
    if (!existsSync(join(root, path, 'package.json'))) return `${name} is missing`
  }
  return undefined
}

function readLock(file) {
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8'))
}
