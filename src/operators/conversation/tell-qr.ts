import { createHash } from 'node:crypto'
import type { Account } from '../../accounts/account.ts'
import type { Qr, QrCodes } from '../../accounts/qr-codes.ts'
import type { NewsOf } from '../../bridge/operator-news.ts'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import { qrPng } from '../qr-code.ts'
import type { SessionControl } from '../session-control.ts'
import type { OperatorPlace } from './operator-place.ts'
import type { OpenOperatorThread, OperatorThread } from './operator-thread.ts'

/** How long a code is valid; older news is about a code that has expired (docs/platforms/wasender.md#qr-codes). */
const NEWS_LIVES_MS = 45_000

/**
 * Shows the code as a picture and takes back the one before it. The code is a login secret: it comes from memory, or from
 * the gateway when another process heard of it, and is kept nowhere but in that picture.
 */
export function createTellQr(deps: {
  place: Pick<OperatorPlace, 'known'>
  open: OpenOperatorThread
  qrCodes: Pick<QrCodes, 'known'>
  control: Pick<SessionControl, 'qr'>
  clock: Clock
}) {
  const { place, open, qrCodes, control, clock } = deps

  async function codeFor(account: Account, { at }: NewsOf<'qr'>): Promise<Qr | undefined> {
    const known = qrCodes.known(account)
    if (known !== undefined) return known
    if (account.managedSession === undefined || clock.now() >= at + NEWS_LIVES_MS) return undefined
    try {
      return await control.qr(account)
    } catch (error) {
      // Scanned meanwhile, or let go.
      if (error instanceof PermanentError) return undefined
      throw error
    }
  }

  return {
    async show(account: Account, news: NewsOf<'qr'>): Promise<void> {
      const code = await codeFor(account, news)
      if (code === undefined) return
      const sourceId = `${QR_PREFIX}${digest(code.qr)}`
      await open(account, async (thread) => {
        const { show, remove } = planQr(thread.latest, sourceId)
        if (show === 'paused') await pause(account, thread, sourceId)
        else if (show !== 'no') await post(account, thread, { sourceId, show, code })
        for (const id of remove) await thread.remove(id)
      })
    },
    async takeBack(account: Account): Promise<void> {
      // Without a conversation there is no code to take back.
      if ((await place.known(account)) === undefined) return
      await open(account, async (thread) => {
        for (const { id } of shownCodes(thread.latest)) await thread.remove(id)
      })
    },
  }
}

type Picture = { sourceId: string; show: 'first' | 'renewed'; code: Qr }

/** A renewed code is no news to anybody, so it comes as a note. */
async function post(
  { texts }: Account,
  thread: OperatorThread,
  { sourceId, show, code }: Picture,
): Promise<void> {
  const bytes = new Uint8Array(await qrPng(code.qr))
  await thread.write({
    sourceId,
    text: texts.operator.qr,
    loudness: show === 'first' ? 'alert' : 'note',
    picture: { bytes, fileName: 'whatsapp-qr-code.png', contentType: 'image/png' },
  })
}

async function pause({ texts }: Account, thread: OperatorThread, codeId: string): Promise<void> {
  const sourceId = codeId.replace(QR_PREFIX, QR_PAUSED_PREFIX)
  await thread.write({ sourceId, text: texts.operator.qrPaused, loudness: 'note' })
}

/** Tells codes apart without holding them. */
function digest(qr: string): string {
  return createHash('sha256').update(qr).digest('base64url').slice(0, 22)
}

/** Begins the source id of every picture of a code. */
const QR_PREFIX = 'operator:qr:'
/** Begins the source id of the line after which no more codes are shown. */
const QR_PAUSED_PREFIX = 'operator:qr-paused:'

/**
 * So many codes follow each other before somebody has to say that a phone is at hand: a session that nobody scans would
 * otherwise fill the conversation, a code every 20 to 45 seconds (docs/platforms/wasender.md#qr-codes).
 */
const MOST_IN_A_ROW = 6

/** What to do about a code. */
type QrPlan = {
  /** `first`: no other code is shown at the moment. `paused`: this many were, and nobody scanned one. */
  show: 'first' | 'renewed' | 'paused' | 'no'
  /** Pictures of codes that are over. */
  remove: Message['id'][]
}

type Seen = Pick<Message, 'id' | 'sourceId' | 'contentAttributes'>

/** Decides by what the conversation shows, so that neither restarts nor other processes change anything. Pure. */
export function planQr(latest: readonly Seen[], sourceId: string): QrPlan {
  const shown = shownCodes(latest)
  if (shown.some((code) => code.sourceId === sourceId)) {
    return { show: 'no', remove: idsOf(shown.filter((code) => code.sourceId !== sourceId)) }
  }
  const remove = idsOf(shown)
  if (startsWith(latest.at(-1), QR_PAUSED_PREFIX)) return { show: 'no', remove }
  if (codesInARow(latest) >= MOST_IN_A_ROW) return { show: 'paused', remove }
  return { show: shown.length === 0 ? 'first' : 'renewed', remove }
}

/** The codes agents can see. */
export function shownCodes<M extends Seen>(latest: readonly M[]): M[] {
  return latest.filter(
    (message) => startsWith(message, QR_PREFIX) && message.contentAttributes.deleted !== true,
  )
}

/** Whatever else is written begins a new row: a line about the session, or an agent. */
function codesInARow(latest: readonly Seen[]): number {
  const other = latest.findLastIndex((message) => !startsWith(message, QR_PREFIX))
  return latest.length - 1 - other
}

function startsWith(message: Seen | undefined, prefix: string): boolean {
  return message?.sourceId?.startsWith(prefix) === true
}

const idsOf = (messages: readonly Seen[]) => messages.map(({ id }) => id)
