import type { Account } from '../../accounts/account.ts'
import type { InboundMedia } from '../../content/media/inbound/inbound-media.ts'
import type { ChatwootDraft } from '../../content/message/inbound/draft.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'
import type { ChatId, ConversationId, KeyId, MessageId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import { peerOf } from '../../people/peer.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import { learnedWith, learning, withLearned } from '../../queue/wait-until.ts'
import type { Link } from '../../state/store/types.ts'
import { pagesBack } from '../catch-up/page.ts'
import type { Journal } from '../sends/journal.ts'
import type { Age } from './age.ts'
import type { Claim, Claims } from './dedupe.ts'
import { type KnownNames, namedDraft } from './known-names.ts'
import type { Shown } from './message-type.ts'
import { isNoteOf } from './not-shown.ts'
import { isFileTrouble, postDraft } from './post-draft.ts'

/** Something from WhatsApp with everything known of where it belongs. */
export type Delivery = {
  incoming: Incoming
  shown: Shown
  age: Age
  chat: ChatId
  who: Who
  /** What waits in the lane for this message: it knows of failures of its files, and where it was tried. */
  entry: Entry
  claim: Claim
  /** What stands in Chatwoot and is taken away once this is there. */
  replaces?: Link | undefined
}

export type Delivered = { conversation: ConversationId; messageId: MessageId }

/** Where a message belongs, and what is there of it. */
type Place = { conversation: ConversationId; earlier: readonly Message[] }

/**
 * Posts a message into its chat's conversation. A conversation that was deleted in Chatwoot is replaced once;
 * everything that is created is looked for first, so a lost answer is merely a reason to try again.
 */
export function createDeliverInbound(deps: {
  conversations: Conversations
  claims: Pick<Claims, 'move'>
  journal: Journal
  inboundMedia: InboundMedia
  names: KnownNames
  own: OwnIdentity
  /** What came before this moment (ms since 1970) may have been posted although no link and no claim knows it. */
  doubtBefore?: () => number
}) {
  const { conversations, claims, journal, inboundMedia, names, own } = deps

  /** A grey line never opens a conversation: without one there is nobody to read it. */
  async function openFor(
    account: Account,
    delivery: Delivery,
  ): Promise<ConversationId | undefined> {
    const { incoming, shown, age, chat, who } = delivery
    if (shown === 'activity') return (await conversations.get(account.id, chat))?.conversationId
    const known = await names.find(account, who)
    const pushName = known ?? (incoming.fromMe ? undefined : incoming.pushName)
    const ensure = age.isHistory ? conversations.ensureQuietly : conversations.ensure
    const open = await ensure(account, chat, () => peerOf(account, who, pushName))
    return open.conversationId
  }

  /**
   * Where an earlier attempt has written the message, if one has: the chat may have another conversation by now. Else in
   * the chat's, which is noted before anything is written there.
   */
  async function placeOf(account: Account, delivery: Delivery): Promise<Place | undefined> {
    const { incoming, claim, entry } = delivery
    if (claim.conversation !== undefined && mayBeThere(delivery, deps.doubtBefore?.() ?? 0)) {
      const attempted = { conversation: claim.conversation, since: entry.receivedAt }
      const earlier = await findAttempt(account, attempted, incoming.id)
      if (earlier.length > 0) return { conversation: claim.conversation, earlier }
    }
    const conversation = await openFor(account, delivery)
    if (conversation === undefined) return undefined
    if (conversation !== claim.conversation) {
      const claimant = { account: account.id, keyId: incoming.id, entryId: entry.id }
      await claims.move(claimant, conversation)
    }
    return { conversation, earlier: [] }
  }

  async function post(account: Account, delivery: Delivery): Promise<Delivered | undefined> {
    const place = await placeOf(account, delivery)
    if (place === undefined) return undefined
    const messageId = await learning({ triedIn: place.conversation }, () =>
      write(account, delivery, place),
    )
    return { conversation: place.conversation, messageId }
  }

  async function write(account: Account, delivery: Delivery, place: Place): Promise<MessageId> {
    const { incoming, shown, entry } = delivery
    const isQuoteShown = await isQuoteIn(journal, account, place.conversation, incoming)
    const around = { isQuoteShown, ...delivery.age }
    const draft = await namedDraft(account, incoming, around, { names, own })
    return postDraft(
      {
        account,
        ...place,
        draft: await withWordsOf(account, delivery.replaces, draft),
        keyId: incoming.id,
        filesOf: incoming.key?.id,
        fromMe: incoming.fromMe,
        shown,
        fileFailures: entry.fileFailures ?? 0,
      },
      { journal, inboundMedia },
    )
  }

  async function postOrReplace(
    account: Account,
    delivery: Delivery,
  ): Promise<Delivered | undefined> {
    try {
      return await post(account, delivery)
    } catch (error) {
      const known = await conversations.get(account.id, delivery.chat)
      if (!isNotFound(learnedWith(error).cause) || known?.conversationId === undefined) throw error
      await conversations.forget(account.id, delivery.chat, known.conversationId)
      return post(account, delivery)
    }
  }

  return async (account: Account, delivery: Delivery): Promise<Delivered | undefined> => {
    try {
      return await postOrReplace(account, delivery)
    } catch (error) {
      throw asFailure(error, delivery.entry)
    }
  }
}

/** A lost answer is worth another look, and failures of a message's files are counted. */
function asFailure(error: unknown, { fileFailures = 0 }: Entry): Error {
  const { cause, learned } = learnedWith(error)
  const failures = isFileTrouble(cause) ? { fileFailures: fileFailures + 1 } : {}
  const decided = cause instanceof OutcomeUnknownError ? worthAnotherLook(cause) : cause
  return withLearned(decided, { ...learned, ...failures })
}

/** A better file comes without the caption of the first one, which is added here. */
async function withWordsOf(
  account: Account,
  replaced: Link | undefined,
  draft: ChatwootDraft,
): Promise<ChatwootDraft> {
  if (replaced === undefined) return draft
  const { conversationId, messageId } = replaced
  const message = await account.chatwoot.messages.get(conversationId, messageId)
  const isWhole = message !== undefined && message.attachments.length > 0
  return isWhole ? { ...draft, content: message.content ?? draft.content } : draft
}

/** Whether an earlier attempt may have succeeded without the bridge learning of it. A dead letter outlives its claim. */
function mayBeThere({ claim, entry }: Delivery, doubtBefore: number): boolean {
  const wasTried = entry.triedIn !== undefined || entry.renewedAt !== undefined
  return claim.standing === 'again' || wasTried || entry.receivedAt <= doubtBefore
}

function worthAnotherLook(lost: OutcomeUnknownError): TransientError {
  return new TransientError(lost.message, { code: lost.code, context: lost.context, cause: lost })
}

/** Chatwoot shows a quote of what is in the same conversation only. */
async function isQuoteIn(
  journal: Journal,
  account: Account,
  conversation: ConversationId,
  { message: { quotes }, standsFor }: Incoming,
): Promise<boolean> {
  // Chatwoot shows one quote, and that is of what stands there of the same message.
  if (quotes === undefined || standsFor !== undefined) return false
  return (await journal.byKeyId(account.id, quotes))?.conversationId === conversation
}

/** Where an attempt may have written, and before when there was none. */
type Attempted = { conversation: ConversationId; since: number }

/** Chatwoot's clock and ours may differ. */
const SKEW_MS = 3_600_000
/** Of 20 messages each. A chat where more was written since is searched in vain. */
const MOST_PAGES = 250

/**
 * What an earlier attempt has left of a message, itself and its notes. Chatwoot cannot be asked for a source id, so the
 * conversation is read backwards, to the message or to the time before the first attempt. Usually that is one GET.
 */
async function findAttempt(
  account: Account,
  { conversation, since }: Attempted,
  keyId: KeyId,
): Promise<Message[]> {
  const window = { horizon: since - SKEW_MS, most: MOST_PAGES }
  const found: Message[] = []
  try {
    for await (const page of pagesBack(account, conversation, window)) {
      found.push(...page.filter(({ sourceId }) => sourceId === keyId || isNoteOf(keyId, sourceId)))
      if (page.some(({ sourceId }) => sourceId === keyId)) break
    }
  } catch (error) {
    // Deleted with all that was in it.
    if (!isNotFound(error)) throw error
    return []
  }
  return found
}
