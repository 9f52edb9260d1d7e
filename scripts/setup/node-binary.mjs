import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT, runStep, SetupError, systemEnvironment } from './report.mjs'

/** The bridge's TypeScript runs as it is from this version on. Also `engines.node` of package.json. */
const NEEDED = [22, 20]

/**
 * Makes sure that there is a Node new enough, and gives the environment in which it comes first. The package
 * `node` brings one. Its binary is fetched by an install script, which npm may have been told not to run, so the
 * script is run here when the binary is missing.
 */
export function ensureNode(root = ROOT) {
  const local = join(root, 'node_modules', '.bin', 'node')
  if (isNewEnough(local)) return {}
  const folder = join(root, 'node_modules', 'node')
  if (!isNewEnough(process.execPath)) {
    const script = ['node', 'installArchSpecificPackage.js']
    const env = systemEnvironment()
    if (runStep('Fetching Node (the package "node")', script, { cwd: folder, env })) link(root)
    if (isNewEnough(local)) return {}
    throw new SetupError(
      `Node ${NEEDED.join('.')} or newer is needed; this is ${process.version}, and the package "node" could not bring one. Install it, for instance from nodejs.org, and run the command again.`,
    )
  }
  // node_modules/.bin holds no Node that works, so the one that runs this stands in front of the system's.
  return { PATH: [join(process.execPath, '..'), process.env.PATH].join(delimiter) }
}

function isNewEnough(program) {
  const { stdout, status } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (status !== 0) return false
  const [major, minor] = stdout.trim().slice(1).split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** npm makes no link to a binary that was not there when it installed the package. */
function link(root) {
  const folder = join(root, 'node_modules', '.bin')
  mkdirSync(folder, { recursive: true })
  try {
    symlinkSync(join('..', 'node', 'bin', 'node'), join(folder, 'node'))
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}
