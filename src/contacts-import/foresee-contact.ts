import type { Account } from '../account.ts'
import { findContact } from '../identity/find-contact.ts'
import { aliasesOf, type People } from '../identity/people.ts'
import { sourceIdOf } from '../identity/source-id.ts'
import { asId, type ChatId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Store } from '../store/types.ts'
import { type Brought, isInPlace } from './bring-contact.ts'
import type { Candidate } from './candidate.ts'

/** What bringing a contact would come to; writes nothing anywhere. */
export function createForeseeContact({ store, people }: { store: Store; people: People }) {
  return async (account: Account, { who }: Candidate): Promise<Brought> => {
    const chat = (await people.find(account.id, who)) ?? asId<ChatId>(aliasesOf(who)[0] as string)
    const known = await store.chats.get(storeKey.chat(account.id, chat))
    if (await isInPlace(account, known)) return { chat, result: 'unchanged' }
    const { contacts } = account.chatwoot
    const found =
      (await contacts.findBySource(account.inboxId, sourceIdOf(who))) ??
      (await findContact(account, who))
    return { chat, result: found === undefined ? 'created' : 'linked' }
  }
}
