import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { ChatId } from '../../ids.ts'
import type { Dispatch } from '../dispatch.ts'
import { bestEffort } from '../lanes/best-effort.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { Handled } from '../lanes/turn.ts'
import type { ContactNames } from './contact-names.ts'
import type { ProfileEvent } from './inbound-events.ts'
import type { Pictures } from './pictures.ts'

/** A name or a picture that cannot be had is let go after so many attempts; the next change brings it anyway. */
const ATTEMPTS = 5

/**
 * Names and pictures of contacts, each chat's in a lane of its own: they may take long, and neither a message nor the
 * badge may wait for them.
 */
export function createProfiles(deps: {
  conversations: Conversations
  contactNames: ContactNames
  pictures: Pictures
  dispatch: Dispatch
  clock: Clock
}) {
  const { conversations, contactNames, pictures, clock } = deps

  async function post(account: Account, event: ProfileEvent): Promise<void> {
    const lane = { direction: 'in', account: account.id, key: `profile:${event.chat}` } as const
    await deps.dispatch.post([{ lane, order: 0, receivedAt: clock.now(), event }])
  }

  return {
    /** Asks durably for the name to be shown, if it is new. Most messages bring one that is not. */
    async offerName(account: Account, chat: ChatId, name: string): Promise<void> {
      if (account.options.contactNames === 'never') return
      const known = await conversations.get(account.id, chat)
      if (known === undefined || (known.nameOffered ?? known.nameSet) === name) return
      await post(account, { type: 'profile', chat, name })
    },

    /** Asks durably for the picture: a certain one, or whatever there is. */
    async askPicture(
      account: Account,
      chat: ChatId,
      picture: NonNullable<ProfileEvent['picture']> = { kind: 'changed' },
    ): Promise<void> {
      if ((await conversations.get(account.id, chat)) === undefined) return
      await post(account, { type: 'profile', chat, picture })
    },

    async handle(account: Account, entry: Entry, event: ProfileEvent): Promise<Handled> {
      const { chat, name, picture } = event
      let handled: Handled = 'done'
      await bestEffort(entry, ATTEMPTS, async () => {
        if (name !== undefined) await contactNames.offer(account, chat, name)
        if (picture !== undefined) handled = await pictures.fetch(account, chat, picture)
      })
      return handled
    },
  }
}

export type Profiles = ReturnType<typeof createProfiles>
