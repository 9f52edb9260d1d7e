import { setTimeout as pause } from 'node:timers/promises'
import { failed as texts } from '../../../src/content/locale/en/failed.ts'
import type { LogLine } from '../../support/bridge-process.ts'
import type { Fleet } from '../../support/fleet.ts'
import { checkLedgers, failedVisibly } from '../ledger/check.ts'
import type { Finding, Said } from '../ledger/types.ts'
import { createAcceptance } from './accepted.ts'
import { type Customer, customersOf } from './people.ts'
import type { RoundPlan, Step } from './plan.ts'
import { reply } from './reply.ts'
import { settle } from './settle.ts'
import { createSupervisor } from './supervisor.ts'
import { write } from './write.ts'

/** What a round came to. */
export type RoundResult = {
  seed: number
  /** New since the last round. */
  findings: Finding[]
  crashes: string[]
  /** What the bridges logged, when something was broken. */
  log: LogLine[]
  /** Why agents' messages that the bridge had accepted were shown as failed, other than that they may have arrived. */
  refusals: string[]
  counts: Record<Count, number>
  ms: number
}

export const COUNTS = [
  'written',
  'typed',
  'replied',
  'neverAccepted',
  'refusedVisibly',
  'mayHaveArrived',
  'bridgeKills',
  'redisKills',
  'troubles',
] as const
export type Count = (typeof COUNTS)[number]

/** Plays rounds on one fleet; later rounds see what is left of earlier ones. */
export type Rounds = {
  play(plan: RoundPlan): Promise<RoundResult>
  /** SIGTERM; the bridge's exit code. */
  close(): Promise<number | null>
}

export function createRounds(fleet: Fleet, customers: number): Rounds {
  const acceptance = createAcceptance(fleet)
  const supervisor = createSupervisor(fleet)
  const said: Said[] = []
  const phones = new Set<string>()
  const reported = new Set<string>()

  async function act(step: Step, people: Customer[], number: string): Promise<void> {
    switch (step.do) {
      case 'write': {
        const [account, customer] = [fleet.accounts[step.account]!, people[step.customer]!]
        const last = said.findLast(
          (one) =>
            one.by === 'customer' && one.phone === customer.phone && one.account === account.id,
        )
        const { kind, lid } = step
        const quoted = last?.by === 'customer' ? last.keyId : undefined
        said.push(
          write({ account, customer, kind, lid, words: `in${number}z`, last: quoted, acceptance }),
        )
        return
      }
      case 'type': {
        const [account, { phone }] = [fleet.accounts[step.account]!, people[step.customer]!]
        const words = `typed${number}z`
        const { keyId, at } = fleet.wasender.ownerOf(account.session.id).typeOnPhone(phone, words)
        const accepted = () => acceptance.written(keyId)
        const taken = () => acceptance.taken(keyId)
        const mark = { text: words }
        const told = { by: 'phone', kind: 'text', account: account.id, phone, keyId, mark } as const
        said.push({ ...told, at, accepted, taken })
        return
      }
      case 'reply': {
        const [account, { phone }] = [fleet.accounts[step.account]!, people[step.customer]!]
        const one = await reply({
          account,
          phone,
          kind: step.kind,
          words: `out${number}z`,
          acceptance,
        })
        if (one !== undefined) said.push(one)
        return
      }
      case 'kill-bridge':
        // A plan knows of one bridge: which one it is when there are several follows from its moment.
        void supervisor.kill(step.at, step.downMs)
        return
      case 'kill-redis':
        fleet.killRedis()
        return
      case 'trouble': {
        const { platform, path, times, fault } = step.trouble
        for (const one of platformsOf(fleet, platform)) one.faults.add({ ...fault, path, times })
        return
      }
      case 'away':
        for (const { faults } of platformsOf(fleet, step.platform)) {
          faults.add({ kind: 'refuse' })
          setTimeout(() => faults.clear(), step.ms)
        }
        return
      case 'disconnect': {
        const { id } = fleet.accounts[step.account]!.session
        void fleet.wasender.setStatus(id, 'disconnected')
        setTimeout(() => void fleet.wasender.setStatus(id, 'connected'), step.ms)
        return
      }
    }
  }

  async function load(plan: RoundPlan): Promise<void> {
    const people = customersOf(fleet, plan.seed, customers)
    for (const { phone } of people) phones.add(phone)
    setWebhookFaults(fleet, plan.webhooks)
    if (plan.slowMs > 0) {
      const slow = { kind: 'scatter', ms: plan.slowMs, method: 'GET' } as const
      for (const { faults } of fleet.chatwoots) faults.add(slow)
    }
    const start = Date.now()
    for (const [index, step] of plan.steps.entries()) {
      const wait = start + step.at - Date.now()
      if (wait > 0) await pause(wait)
      await act(step, people, `${plan.seed}x${index}`)
    }
    // A disconnection or an absence that began at the very end is over after this.
    await pause(1_000)
    setWebhookFaults(fleet, { duplicate: false, delayMs: 0, dropped: 0, overtakeMs: 0, late: 0 })
    for (const { faults } of [fleet.wasender, ...fleet.chatwoots]) faults.clear()
  }

  return {
    async play(plan) {
      const started = performance.now()
      const before = said.length
      const crashesBefore = supervisor.crashes.length
      await load(plan)
      const ledgers = await settle({ fleet, supervisor, said, phones })
      const findings = checkLedgers(said, ledgers).filter((one) => {
        const name = JSON.stringify(one)
        return !reported.has(name) && reported.add(name)
      })
      const now = said.slice(before)
      const failed = failedVisibly(now, ledgers)
      const accepted = failed.filter(({ said: one }) => one.accepted())
      const refusals = accepted
        .map(({ reason }) => reason)
        .filter((reason) => reason !== texts.mayHaveArrived)
      const by = (who: Said['by']) => now.filter((one) => one.by === who).length
      const steps = (what: Step['do']) => plan.steps.filter((step) => step.do === what).length
      const crashes = supervisor.crashes.slice(crashesBefore)
      const log = supervisor.takeLog()
      return {
        seed: plan.seed,
        findings,
        crashes,
        log: findings.length + crashes.length === 0 ? [] : log,
        refusals,
        ms: performance.now() - started,
        counts: {
          written: by('customer'),
          typed: by('phone'),
          replied: by('agent'),
          neverAccepted: now.filter((one) => !one.accepted()).length,
          refusedVisibly: failed.filter(({ said: one }) => !one.accepted()).length,
          mayHaveArrived: accepted.length - refusals.length,
          bridgeKills: steps('kill-bridge'),
          redisKills: steps('kill-redis'),
          troubles: steps('trouble') + steps('away') + steps('disconnect'),
        },
      }
    },
    close() {
      supervisor.release()
      return fleet.close()
    },
  }
}

const LATE_MS: [number, number] = [2_000, 8_000]

function platformsOf({ wasender, chatwoots }: Fleet, platform: 'wasender' | 'chatwoot') {
  return platform === 'wasender' ? [wasender] : chatwoots
}

function setWebhookFaults(
  fleet: Fleet,
  { duplicate, dropped, overtakeMs, ...webhooks }: RoundPlan['webhooks'],
): void {
  const late = { share: webhooks.late, ms: LATE_MS }
  const delayMs: [number, number] = [0, Math.max(webhooks.delayMs, overtakeMs)]
  Object.assign(fleet.wasender.webhookFaults, {
    duplicate: duplicate ? 1 : 0,
    overtake: overtakeMs > 0 || late.share > 0,
    delayMs,
    late,
  })
  for (const chatwoot of fleet.chatwoots) {
    chatwoot.setWebhookFaults({
      delayMs,
      late,
      duplicate: duplicate ? 1 : 0,
      dropRate: dropped,
    })
  }
}
