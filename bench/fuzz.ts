import { parseArgs } from 'node:util'
import { fuzz } from '../test/faults/fuzz/run.ts'
import { startFleet } from '../test/support/fleet.ts'

/** 100,000 mutated webhooks to the real bridge: `node bench/fuzz.ts --seed 1 --count 100000`. Exits 1 on any 5xx. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100000' },
  },
})

const fleet = await startFleet()
const { bridge } = fleet
try {
  const result = await fuzz(fleet, { seed: Number(values.seed), count: Number(values.count) })
  console.log(JSON.stringify(result, null, 2))
  const alive = await fetch(`${bridge.url}/healthz`)
  if (result.wrong.length > 0 || !alive.ok) process.exitCode = 1
} finally {
  await fleet.close()
}
