import type { Account } from '../account.ts'
import type { WhatsappContact } from '../wasender/contact-schema.ts'

export type ListedContact = { contact: WhatsappContact; total: number | null }

const PER_PAGE = 100

/**
 * The session's contacts, page by page (docs/platforms/wasender.md#people-and-addresses). A gateway that does not say
 * how many pages there are is asked until a page holds nothing new, which also ends with one that gives the same page
 * again and again.
 */
export async function* listedContacts(
  account: Account,
  ask: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<ListedContact> {
  const seen = new Set<string>()
  for (let number = 1; ; number += 1) {
    const page = await ask(() =>
      account.wasender.contacts.list({ page: number, perPage: PER_PAGE }),
    )
    const before = seen.size
    for (const contact of page.items) {
      if (seen.has(contact.jid)) continue
      seen.add(contact.jid)
      yield { contact, total: page.total ?? null }
    }
    if (seen.size === before || number >= (page.totalPages ?? Number.POSITIVE_INFINITY)) return
  }
}
