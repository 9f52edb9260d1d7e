import { z } from 'zod'
import { localAddress } from '../../../web/http/listen.ts'
import { type Finding, failed, ok } from '../check.ts'
import { type Probed, probeHttp } from '../http-probe.ts'
import type { BridgeCheck } from './context.ts'

const readiness = z.looseObject({
  status: z.enum(['ready', 'not ready']),
  problems: z.record(z.string(), z.string()).default({}),
})

/** Whether the bridge runs on this machine, and works. */
export const running: BridgeCheck = {
  id: 'bridge',
  title: 'Running',
  async run({ config }) {
    const { port } = config.server
    if (port === 0) return [ok('server.port is 0, any free one, so it cannot be asked from here.')]
    return judgeReadiness(await probeHttp(`${localAddress(config.server)}/readyz`), port)
  },
}

export function judgeReadiness(probed: Probed, port: number): Finding[] {
  if (!probed.answered) {
    return [
      failed(
        'bridge.not_running',
        `no bridge answers on port ${port}.`,
        'Start it with "npm start" or "docker compose up -d". If it runs, compare server.port and PORT; if it ended, its log says why.',
      ),
    ]
  }
  const answer = readiness.safeParse(probed.body)
  if (!answer.success) {
    return [
      failed(
        'bridge.other_program',
        `another program answers on port ${port}.`,
        'Stop that program, or set server.port to a free port and restart the bridge.',
      ),
    ]
  }
  const problems = Object.entries(answer.data.problems)
  if (problems.length === 0) return [ok('ready.')]
  return problems.map(([name, reason]) =>
    failed('bridge.not_ready', `not ready (${name}): ${reason}`, mendFor(name)),
  )
}

const MENDS: Readonly<Record<string, string>> = {
  redis: 'Look at the findings about Redis here. Webhooks wait on disk meanwhile; nothing is lost.',
  store: 'Look at the findings about the data folder here.',
  spool: 'They go into the lanes by themselves once that is mended; check again in a minute.',
  webhooks:
    'Mend what it says. WasenderAPI repeats a webhook a few times only; what was in the others is on the phone.',
  workers: 'They start once Redis is there; if it is, the log of the bridge says more.',
}

const mendFor = (name: string) => MENDS[name] ?? 'The log of the bridge says more.'
