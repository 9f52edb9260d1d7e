import type { BridgeError } from '../../../kernel/errors.ts'
import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import type { AccountCheck, AccountContext } from '../account-context.ts'
import { type Finding, failed, ok } from '../check.ts'

const API_CHANNEL = 'Channel::Api'

/** The bridge can use an inbox of the kind "API" only. */
export const inbox: AccountCheck = {
  id: 'inbox',
  title: 'Inbox',
  needs: ['chatwoot.token'],
  async run(context) {
    const { chatwoot, account, at } = context
    const setting = `${at}.chatwoot.inboxId`
    const outcome = await chatwoot.inbox()
    if (outcome.ok) return [judgeKind(outcome.value, setting)]
    return [await judgeMissing(context, outcome.error, `${account.chatwoot.inboxId}`, setting)]
  },
}

export function judgeKind({ name, channelType }: Inbox, setting: string): Finding {
  if (channelType === API_CHANNEL) return ok(`"${name}".`)
  return failed(
    'inbox.not_api',
    `"${name}" is of the kind "${channelType.replace('Channel::', '')}", not "API".`,
    `Make an inbox of the kind API in Chatwoot (Settings, Inboxes) and set ${setting} to its number.`,
  )
}

async function judgeMissing(
  { chatwoot }: AccountContext,
  error: BridgeError,
  id: string,
  setting: string,
): Promise<Finding> {
  if (error.code === 'chatwoot.not_authorized') {
    return failed(
      'inbox.not_member',
      `the user of the token may not see inbox ${id}.`,
      'Make that user an administrator, or add it to the inbox under Collaborators.',
    )
  }
  if (error.code !== 'chatwoot.not_found') throw error
  const others = (await chatwoot.api.inboxes.list()).filter(
    ({ channelType }) => channelType === API_CHANNEL,
  )
  const known = others.map((other) => `${other.id} ("${other.name}")`).join(', ') || 'none'
  return failed(
    'inbox.missing',
    `there is no inbox ${id} in this account. Inboxes of the kind API: ${known}.`,
    `Set ${setting} to one of them, or make one with "wasender-chatwoot setup".`,
  )
}

/** For checks behind this one: the inbox it has seen. */
export async function inboxOf({ chatwoot }: AccountContext): Promise<Inbox> {
  const outcome = await chatwoot.inbox()
  if (!outcome.ok) throw outcome.error
  return outcome.value
}
