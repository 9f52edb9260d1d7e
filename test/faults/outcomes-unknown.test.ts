import { afterEach, describe, expect, it } from 'vitest'
import { en } from '../../src/content/locale/en.ts'
import type { KeyId, MessageId } from '../../src/kernel/ids.ts'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const PHONE = '+15550001111'
const WAIT = { timeoutMs: 20_000 }
/** Longer than a lost answer is waited for. */
const LONG_MS = 125_000
let world: ClockedWorld
afterEach(() => world.close())

async function start(options: Parameters<typeof startClockedWorld>[0] = {}): Promise<void> {
  world = await startClockedWorld(options)
  const { wasender, chatwoot } = world
  const { keyId } = wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hello')
  await chatwoot.waitFor(() => bySource(keyId), WAIT)
  await chatwoot.settled()
}

const bySource = (keyId: string) =>
  world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId)
const outgoing = () =>
  world.chatwoot.messages(1).filter(({ messageType }) => messageType === 'outgoing')
const statusOf = (id: number) => world.chatwoot.messages(1).find((each) => each.id === id)?.status
const sends = () => world.wasender.countOf('/send-message')
const got = () => world.wasender.inbox(PHONE).map(({ text }) => text)
const loseAnswer = () =>
  world.wasender.faults.add({ kind: 'drop-after', path: '/send-message', times: 1 })

/** Sends with a lost answer and lets so much time pass that the agent is told to look. */
async function replyInDoubt(text: string): Promise<number> {
  const { chatwoot, wasender } = world
  loseAnswer()
  const { id } = await chatwoot.agent().reply(1, text)
  await wasender.waitFor(() => sends() === 1, WAIT)
  await expectUnknown(id)
  world.ahead(LONG_MS)
  const failed = await chatwoot.waitFor(
    () => chatwoot.messages(1).find((each) => each.id === id && each.status === 'failed'),
    WAIT,
  )
  expect(failed.contentAttributes.external_error).toBe(en.failed.mayHaveArrived)
  return id
}

/** How the gateway's log says that the last send went. */
async function lastLogged(): Promise<string | undefined> {
  const { apiUrl, personalAccessToken, session } = world.wasender
  const answer = await fetch(`${apiUrl}/whatsapp-sessions/${session().id}/message-logs`, {
    headers: { Authorization: `Bearer ${personalAccessToken}` },
  })
  const { data } = (await answer.json()) as { data: { data: { status: string }[] } }
  return data.data[0]?.status
}

async function expectUnknown(id: number): Promise<void> {
  const state = async () => {
    const [link] = await world.bridge.sends.journal.ofMessage(world.account.id, id as MessageId)
    return link?.state
  }
  await expect.poll(state).toBe('unknown')
}

describe('a send whose answer is lost', () => {
  it('and that leaves no sign: the agent is told, and it is never sent again', async () => {
    await start()
    world.wasender.echo.never = true
    world.wasender.echo.acks = []
    await replyInDoubt('Hm')
    await world.chatwoot.settled()
    expect(sends()).toBe(1)
  })

  it('and whose echo comes only after that: the failure is taken back, nothing is mirrored', async () => {
    await start()
    const { wasender, chatwoot } = world
    wasender.echo.after = 6_000
    const id = await replyInDoubt('Late')
    await chatwoot.waitFor(() => statusOf(id) === 'delivered', WAIT)
    await chatwoot.settled()
    const shown = chatwoot.messages(1).find((each) => each.id === id)
    expect(shown?.contentAttributes.external_error ?? null).toBeNull()
    expect(outgoing()).toHaveLength(1)
    expect(got()).toEqual(['Late'])
    expect(sends()).toBe(1)
  })

  it('is found in the message log when there is a token, and followed from there', async () => {
    await start({ withToken: true })
    const { wasender, chatwoot } = world
    wasender.echo.never = true
    loseAnswer()
    const { id } = await chatwoot.agent().reply(1, 'Logged')
    await expectUnknown(id)
    world.ahead(5_000)
    await chatwoot.waitFor(() => statusOf(id) === 'delivered', WAIT)
    expect(got()).toEqual(['Logged'])
    expect(sends()).toBe(1)
  })

  it('and that failed according to the log: is shown as failed, not as doubtful', async () => {
    await start({ withToken: true })
    const { wasender, chatwoot } = world
    wasender.session().webhookEvents = ['messages.upsert']
    wasender.echo.after = 2_500
    loseAnswer()
    const { id } = await chatwoot.agent().reply(1, 'Refused')
    await wasender.waitFor(() => sends() === 1, WAIT)
    wasender.session().status = 'disconnected'
    await expectUnknown(id)
    await expect.poll(lastLogged).toBe('failed')
    world.ahead(5_000)
    const failed = await chatwoot.waitFor(
      () => chatwoot.messages(1).find((each) => each.id === id && each.status === 'failed'),
      WAIT,
    )
    expect(failed.contentAttributes.external_error).toBe(en.failed.notDelivered)
    expect(sends()).toBe(1)
  })
})

describe('a send that was accepted', () => {
  it('and failed without being named is found in the message log', async () => {
    await start({ withToken: true })
    const { wasender, chatwoot } = world
    wasender.echo.after = 1_500
    const { id } = await chatwoot.agent().reply(1, 'Too late')
    await wasender.waitFor(() => sends() === 1, WAIT)
    wasender.session().status = 'disconnected'
    const failed = await chatwoot.waitFor(
      () => chatwoot.messages(1).find((each) => each.id === id && each.status === 'failed'),
      WAIT,
    )
    expect(failed.contentAttributes.external_error).toBe(en.failed.notDelivered)
    expect([sends(), got()]).toEqual([1, []])
  })
})

describe('the same words typed on the phone while a send is on its way', () => {
  it('are shown after all when /info tells that they were no echo', async () => {
    await start()
    const { wasender, chatwoot } = world
    wasender.echo.never = true
    const { id } = await chatwoot.agent().reply(1, 'Yes')
    await wasender.waitFor(() => got().length === 1, WAIT)
    const typed = wasender.owner.typeOnPhone(PHONE, 'Yes')
    await chatwoot.waitFor(() => bySource(typed.keyId), WAIT)
    await chatwoot.settled()
    expect(outgoing().map(({ content }) => content)).toEqual(['Yes', 'Yes'])
    const [link] = await world.bridge.sends.journal.ofMessage(world.account.id, id as MessageId)
    expect(link?.keyId).not.toBe(typed.keyId)
    expect(link?.mistakenEchoes).toBeUndefined()
    expect(sends()).toBe(1)
  })

  it('are not shown twice when the true echo was taken for the phone’s', async () => {
    await start()
    const { wasender, chatwoot, bridge, account } = world
    wasender.echo.after = 2_500
    const { id } = await chatwoot.agent().reply(1, 'Yes')
    await wasender.waitFor(() => sends() === 1, WAIT)
    const typed = wasender.owner.typeOnPhone(PHONE, 'Yes')
    await chatwoot.waitFor(() => outgoing().length === 2, WAIT)
    const linkOf = async () =>
      (await bridge.sends.journal.ofMessage(account.id, id as MessageId))[0]
    await expect.poll(async () => (await linkOf())?.linkedBy).toBe('info')
    await expect
      .poll(() => bridge.sends.journal.byKeyId(account.id, typed.keyId as KeyId))
      .toMatchObject({ direction: 'in', fromMe: true })
    expect((await linkOf())?.keyId).not.toBe(typed.keyId)
    await chatwoot.settled()
    expect(outgoing()).toHaveLength(2)
    expect(sends()).toBe(1)
  })
})
