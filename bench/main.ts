import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Runs every bench one after the other, each in a process of its own; arguments are passed on. */
const BENCHES = ['bridge.ts', 'cost.ts', 'isolation.ts', 'media.ts', 'store.ts']

for (const bench of BENCHES) {
  console.log(`\n${bench}`)
  const args = [join(import.meta.dirname, bench), ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
