import type { Account } from '../../accounts/account.ts'
import { OPERATOR_SOURCE, operatorIdentifier } from '../../bridge/concerns-whatsapp.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ContactId } from '../../kernel/ids.ts'
import { isTaken } from '../../platforms/chatwoot/client.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { OperatorRecord, Store } from '../../state/store/types.ts'
import { lookAgain } from './look-again.ts'

/** Where an account's operators read and write. Only one at a time may ask for it: Chatwoot has no lock. */
export type OperatorPlace = {
  /** Finds or makes contact and conversation; known already: no call to Chatwoot. */
  ensure(account: Account): Promise<OperatorRecord>
  /** `undefined` as long as there is no conversation. */
  known(account: Account): Promise<OperatorRecord | undefined>
  /** The conversation is gone (404): the next `ensure` finds or makes another. */
  forget(account: Account): Promise<void>
  /** Remembers the state of the session that was told last. */
  told(account: Account, status: string): Promise<void>
}

export function createOperatorPlace(deps: { store: Store; clock: Clock }): OperatorPlace {
  const { clock } = deps
  const { accounts } = deps.store

  async function change(
    { id }: Account,
    next: (known: OperatorRecord | undefined) => OperatorRecord | undefined,
  ): Promise<void> {
    await accounts.update(storeKey.account(id), (state) => {
      if (state === undefined) return undefined
      const { operator, ...rest } = state
      const changed = next(operator)
      return { ...rest, ...(changed === undefined ? {} : { operator: changed }), at: clock.now() }
    })
  }

  async function known(account: Account): Promise<OperatorRecord | undefined> {
    const state = await accounts.get(storeKey.account(account.id))
    // The account may have been given another inbox.
    return state?.operator?.inboxId === account.inboxId ? state.operator : undefined
  }

  return {
    known,
    async ensure(account) {
      const found = await known(account)
      if (found !== undefined) return found
      const made = await lookAgain(() => findOrCreate(account))
      await change(account, () => made)
      return made
    },
    forget: (account) => change(account, () => undefined),
    told: (account, status) => change(account, (record) => record && { ...record, told: status }),
  }
}

/** Looks before it makes anything: an earlier attempt may have ended right after making it. */
async function findOrCreate(account: Account): Promise<OperatorRecord> {
  const { chatwoot, inboxId } = account
  const contactId = (await findContact(account)) ?? (await createContact(account))
  const conversations = await chatwoot.contacts.conversations(contactId)
  const { id } =
    conversations.find((conversation) => conversation.inboxId === inboxId) ??
    (await chatwoot.conversations.create({ inboxId, contactId, sourceId: OPERATOR_SOURCE }))
  return { inboxId, conversationId: id }
}

/** By its address in the inbox, else by its identifier, should only the address be gone. */
async function findContact({ chatwoot, inboxId }: Account): Promise<ContactId | undefined> {
  const bySource = await chatwoot.contacts.findBySource(inboxId, OPERATOR_SOURCE)
  if (bySource !== undefined) return bySource.id
  const { contacts } = await chatwoot.contacts.filter([
    { key: 'identifier', operator: 'equal_to', values: [operatorIdentifier(inboxId)] },
  ])
  const [contact] = contacts
  if (contact === undefined) return undefined
  await chatwoot.contacts.createContactInbox(contact.id, inboxId, OPERATOR_SOURCE)
  return contact.id
}

async function createContact(account: Account): Promise<ContactId> {
  const { chatwoot, inboxId, texts } = account
  try {
    const { contact } = await chatwoot.contacts.create({
      inboxId,
      sourceId: OPERATOR_SOURCE,
      name: texts.operator.contact,
      identifier: operatorIdentifier(inboxId),
    })
    return contact.id
  } catch (error) {
    if (!isTaken(error, 'identifier')) throw error
    // Another process was faster.
    const found = await findContact(account)
    if (found === undefined) throw error
    return found
  }
}
