import { spawnSync } from 'node:child_process'
import { runStep, which } from './report.mjs'

/** How each package manager installs; the first one that is there is used. */
const MANAGERS = [
  {
    program: 'apt-get',
    refresh: ['update', '-qq'],
    install: ['install', '-y', '-qq', '--no-install-recommends'],
  },
  { program: 'apk', install: ['add', '--quiet'] },
  { program: 'dnf', install: ['install', '-y', '-q'] },
  // Homebrew refuses to run as root and needs no rights.
  { program: 'brew', install: ['install', '--quiet'], rootless: true },
]

/**
 * Tries to install a system package and tells whether it worked. `names` maps a manager to what the package is
 * called there. Nothing is tried without the rights for it.
 */
export function installSystemPackage(title, names) {
  const manager = MANAGERS.find(({ program }) => names[program] && which(program))
  if (manager === undefined) return false
  const prefix = privileges(manager)
  if (prefix === undefined) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { program, refresh, install } = manager
  if (refresh)
    runStep(`Refreshing the list of ${program}`, [...prefix, program, ...refresh], { env })
  return runStep(`${title} (${program})`, [...prefix, program, ...install, names[program]], { env })
}

function privileges({ rootless }) {
  if (rootless || process.getuid?.() === 0) return []
  const sudo = which('sudo')
  const allowed = sudo !== undefined && spawnSync(sudo, ['-n', 'true']).status === 0
  return allowed ? [sudo, '-n'] : undefined
}
