import type { Account } from '../../accounts/account.ts'
import type { Content } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { KeyId } from '../../kernel/ids.ts'
import type { Entry } from '../../queue/entry.ts'
import type { TwinChild } from '../../state/redis/memories.ts'
import type { Memories } from '../../state/redis/memory.ts'
import type { Link } from '../../state/store/types.ts'
import type { Journal } from '../sends/journal.ts'
import type { Deferred } from './deferred.ts'
import type { Carried } from './inbound-events.ts'

/**
 * WhatsApp sends a picture or a video in two qualities as two messages, a parent and a child. One of them is shown, the
 * better one, whichever comes first.
 */
export type Twins = {
  /** What to show of a message; `replaces`: in place of what. Without `show` nothing, or nothing yet. */
  decide(account: Account, entry: Entry, carried: Carried): Promise<TwinDecision>
}

export type TwinDecision =
  | { show: Incoming; replaces?: Link }
  | { show?: undefined; result: 'held' | 'duplicate' }

type Media = Extract<Content, { kind: 'media' }>
type Pair = { account: Account; entry: Entry; carried: Carried; content: Media }

export function createTwins(deps: {
  children: Memories<'twin', TwinChild>
  journal: Journal
  later: Pick<Deferred, 'untilTarget' | 'untilTwin'>
}): Twins {
  const { children, journal, later } = deps

  /** The other message is not there yet: this one waits for it, and in the end is shown by itself. */
  async function withoutParent(pair: Pair, twin: Twin): Promise<TwinDecision> {
    const { account, entry, content } = pair
    const { incoming, event, isOrphan } = pair.carried
    if (twin.isBetter) {
      const state = isOrphan ? 'alone' : 'waiting'
      await children(account.id, twin.id).set({ state, id: incoming.id, media: content.media })
    }
    if (isOrphan) return { show: incoming }
    await later.untilTarget(account, entry, twin.id, event)
    return { result: 'held' }
  }

  async function child(pair: Pair, twin: Twin): Promise<TwinDecision> {
    const { account, carried } = pair
    const link = await journal.byKeyId(account.id, twin.id)
    if (link === undefined) return withoutParent(pair, twin)
    const known = await children(account.id, twin.id).get()
    // A message of our own that is deleted in Chatwoot would be deleted on WhatsApp as well.
    const isEnough = !twin.isBetter || carried.incoming.fromMe || known?.state === 'used'
    return isEnough ? { result: 'duplicate' } : { show: carried.incoming, replaces: link }
  }

  async function parent({ account, entry, carried, content }: Pair): Promise<TwinDecision> {
    const { incoming, event, isOrphan } = carried
    const known = await children(account.id, incoming.id).get()
    if (known === undefined) {
      if (incoming.message.awaitsTwin !== true || isOrphan) return { show: incoming }
      await later.untilTwin(account, entry, incoming.id, event)
      return { result: 'held' }
    }
    if (known.state === 'alone') return besideChild(incoming, content, known.id)
    await children(account.id, incoming.id).set({ ...known, state: 'used' })
    return { show: withContent(incoming, { ...content, media: known.media }) }
  }

  return {
    async decide(account, entry, carried) {
      const { content, twinOf } = carried.incoming.message
      if (content.kind !== 'media') return { show: carried.incoming }
      const pair = { account, entry, carried, content }
      return twinOf === undefined ? parent(pair) : child(pair, twinOf)
    },
  }
}

type Twin = NonNullable<Incoming['message']['twinOf']>

/** The better file stands there already; what is missing is only what was written below this one. */
function besideChild(incoming: Incoming, { text = '' }: Media, child: KeyId): TwinDecision {
  if (text.trim() === '') return { result: 'duplicate' }
  const shown = withContent(incoming, { kind: 'text', text })
  return { show: { ...shown, message: { ...shown.message, quotes: child } } }
}

function withContent(incoming: Incoming, content: Content): Incoming {
  return { ...incoming, message: { ...incoming.message, content } }
}
