import type { Account } from '../../account.ts'
import { aliasesOf, type People, type Who } from '../../identity/people.ts'

/** The lane of someone's chat. */
export type LaneKeys = (account: Pick<Account, 'id'>, who: Who) => Promise<string>

/** A chat keeps its order only if every address of a person leads to the same lane. */
export function createLaneKeys(people: People): LaneKeys {
  return async (account, given) => {
    const who = people.apart(account.id, given)
    // A LID alone is not learned yet: the worker first asks WasenderAPI for its number.
    const isBareLid = who.lid !== undefined && who.phone === undefined
    if (!isBareLid) return people.resolve(account.id, who)
    return (await people.find(account.id, who)) ?? (aliasesOf(who)[0] as string)
  }
}
