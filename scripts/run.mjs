/**
 * What `npm test`, `npm run demo`, `npm start` and the others run: makes sure that what the command needs is
 * there, then runs it. Plain JavaScript for Node 20 without any package, because it runs before they exist.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { ensureChromium } from './setup/chromium.mjs'
import { ensureNode } from './setup/node-binary.mjs'
import { ensurePackages } from './setup/packages.mjs'
import { ensureRedis } from './setup/redis.mjs'
import { fail, ROOT, SetupError } from './setup/report.mjs'

const BRIDGE = ['node', 'src/cli/main.ts']

/**
 * Each command: what it runs, what follows when that went well, and what it needs besides the packages. `dev` are
 * development packages.
 */
const COMMANDS = {
  start: { run: [...BRIDGE, 'serve'], needs: ['redis-unless-configured'] },
  cli: { run: BRIDGE, needs: [] },
  demo: { run: [...BRIDGE, 'demo'], needs: ['redis'] },
  test: {
    run: vitest('unit', 'e2e', 'faults', 'browser'),
    needs: ['dev', 'redis', 'chromium'],
  },
  'test:faults': { run: vitest('faults', 'faults-long'), needs: ['dev', 'redis'] },
  'test:unit': { run: vitest('unit'), needs: ['dev', 'redis'] },
  'test:e2e': { run: vitest('e2e'), needs: ['dev', 'redis'] },
  'test:browser': { run: vitest('browser'), needs: ['dev', 'redis', 'chromium'] },
  lint: { run: ['biome', 'check'], after: ['node', 'scripts/lint/floors.ts'], needs: ['dev'] },
  typecheck: { run: ['tsc', '--noEmit'], needs: ['dev'] },
  format: { run: ['biome', 'check', '--write'], needs: ['dev'] },
  bench: { run: ['node', 'bench/main.ts'], needs: ['dev', 'redis'] },
  soak: { run: ['node', 'bench/soak.ts'], needs: ['dev', 'redis'] },
}

/** Where the bridge keeps what Node made of its files (src/cli/main.ts): the tests and all they start use it as well. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled')

function vitest(...projects) {
  return ['vitest', 'run', ...projects.flatMap((project) => ['--project', project])]
}

const NEEDS = {
  redis: () => ensureRedis(),
  'redis-unless-configured': () => ensureRedis({ unlessConfigured: true }),
  chromium: () => ensureChromium(),
}

async function main([name, ...args]) {
  const command = COMMANDS[name]
  if (command === undefined) {
    throw new SetupError(
      `Unknown command "${name ?? ''}". Known: ${Object.keys(COMMANDS).join(', ')}`,
    )
  }
  ensurePackages({ dev: command.needs.includes('dev') })
  // What the bridge tells people to type has to work as it stands.
  const env = { BRIDGE_COMMAND: 'npm run cli --', ...process.env, ...ensureNode() }
  for (const need of command.needs) Object.assign(env, NEEDS[need]?.())
  if (command.run[0] === 'vitest') env.NODE_COMPILE_CACHE ??= COMPILED
  env.PATH = [join(ROOT, 'node_modules', '.bin'), env.PATH].join(delimiter)
  const code = await runCommand([...command.run, ...args], env)
  return code === 0 && command.after !== undefined ? runCommand(command.after, env) : code
}

/** Runs the command in the foreground and resolves with its exit code. */
function runCommand([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // In a terminal Ctrl-C has reached the child already.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      })
    }
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)))
  })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  fail(error)
}
