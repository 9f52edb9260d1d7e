import type { AccountConfig } from '../config/schema.ts'
import { ConfigError } from '../kernel/errors.ts'
import { withoutEnd } from '../kernel/without-end.ts'
import { storeKey } from '../state/store/keys.ts'
import type { AccountState, ChatwootPlace, Store } from '../state/store/types.ts'

/**
 * Ties what is kept of an account to the Chatwoot it is about. Another Chatwoot counts from one again: a conversation
 * there would be taken for the customer who had its number here, and a message for one that was sent long ago. What was
 * kept before anybody noted the place belongs to the place of now.
 *
 * @throws {ConfigError} when the account is configured for another Chatwoot than the one its records are about.
 */
export async function tieToChatwoot(
  store: Pick<Store, 'accounts'>,
  { id, chatwoot }: AccountConfig,
): Promise<void> {
  const here = placeOf(chatwoot)
  const { formerBaseUrl } = chatwoot
  const former = formerBaseUrl === undefined ? here : { ...here, host: hostOf(formerBaseUrl) }
  const state = await store.accounts.update(storeKey.account(id), (known) =>
    known !== undefined && (known.chatwoot === undefined || isSame(known.chatwoot, former))
      ? moved(known, here)
      : undefined,
  )
  if (state?.chatwoot === undefined || isSame(state.chatwoot, here)) return
  throw anotherChatwoot(id, state.chatwoot, here)
}

function moved(state: AccountState, here: ChatwootPlace): AccountState | undefined {
  if (state.chatwoot !== undefined && isSame(state.chatwoot, here)) return undefined
  return { ...state, chatwoot: here }
}

function placeOf({ baseUrl, accountId }: AccountConfig['chatwoot']): ChatwootPlace {
  return { host: hostOf(baseUrl), accountId }
}

/** With a path if there is one. Whether it is reached by http or https does not make it another Chatwoot. */
function hostOf(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl)
  return `${host}${withoutEnd(pathname, '/')}`
}

function isSame(one: ChatwootPlace, other: ChatwootPlace): boolean {
  return one.host === other.host && one.accountId === other.accountId
}

function anotherChatwoot(id: string, known: ChatwootPlace, here: ChatwootPlace): ConfigError {
  const named = ({ host, accountId }: ChatwootPlace) => `${host}, account ${accountId}`
  const moved =
    known.accountId === here.accountId
      ? ` If it is the same Chatwoot at a new address, set chatwoot.formerBaseUrl to the old one, https://${known.host}.`
      : ''
  return new ConfigError(
    `What the bridge knows of account "${id}" is about another Chatwoot (${named(known)}) than the configured one ` +
      `(${named(here)}), where the same numbers mean other conversations: messages would go to the wrong people. ` +
      `Give the account a new id and run setup for it, or go back to the old address.${moved}`,
    { code: 'chatwoot.another', context: { account: id } },
  )
}
