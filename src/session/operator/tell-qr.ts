import { createHash } from 'node:crypto'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { PermanentError } from '../../errors.ts'
import { qrPng } from '../qr-code.ts'
import type { QrCodes } from '../qr-codes.ts'
import type { Qr, SessionControl } from '../session-control.ts'
import type { NewsOf } from './operator-news.ts'
import type { OperatorPlace } from './operator-place.ts'
import type { OpenOperatorThread, OperatorThread } from './operator-thread.ts'
import { planQr, QR_PAUSED_PREFIX, QR_PREFIX, shownCodes } from './qr-plan.ts'

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
