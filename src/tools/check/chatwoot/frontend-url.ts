import type { AccountCheck, AccountContext } from '../account-context.ts'
import { type Finding, failed, ok, skipped, warning } from '../check.ts'

/** How many of the newest conversations are looked through for a file. */
const LOOK_AT = 3

export type FileFacts = { fileUrl: string; baseUrl: string; via: 'upload' | 'link'; at: string }

/** Chatwoot writes its FRONTEND_URL into the address of every file (docs/platforms/chatwoot.md#attachments). */
export const frontendUrl: AccountCheck = {
  id: 'chatwoot.frontend_url',
  title: 'Addresses of files',
  needs: ['inbox', 'chatwoot.conversations'],
  async run(context) {
    const { account, at } = context
    const fileUrl = await anyFile(context)
    if (fileUrl === undefined) return [skipped('no recent conversation has a file')]
    const { baseUrl } = account.chatwoot
    return [judgeFileUrl({ fileUrl, baseUrl, via: account.options.media.via, at })]
  },
}

async function anyFile({ chatwoot, account }: AccountContext): Promise<string | undefined> {
  const { conversations, messages } = chatwoot.api
  const { inboxId } = account.chatwoot
  const { found } = await conversations.page({ inboxId, status: 'all' })
  for (const { id } of found.slice(0, LOOK_AT)) {
    const files = (await messages.list(id)).flatMap(({ attachments }) => attachments)
    const withUrl = files.find(({ dataUrl }) => dataUrl !== undefined)
    if (withUrl !== undefined) return withUrl.dataUrl
  }
  return undefined
}

export function judgeFileUrl({ fileUrl, baseUrl, via, at }: FileFacts): Finding {
  const theirs = URL.parse(fileUrl)?.origin
  const ours = URL.parse(baseUrl)?.origin
  if (theirs === ours) return ok('as they should be.')
  const found = `Chatwoot writes ${theirs ?? 'no address'} into the addresses of files, not ${ours}`
  const mend = `Set FRONTEND_URL of Chatwoot to the address agents open, and ${at}.chatwoot.baseUrl to the same.`
  return via === 'link'
    ? failed('chatwoot.frontend_url', `${found}; WasenderAPI fetches them from there.`, mend)
    : warning(
        'chatwoot.frontend_url',
        `${found}. The bridge fetches them all the same; pictures in the helpdesk and links to surveys may be broken.`,
        mend,
      )
}
