import type { Account } from '../../accounts/account.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import { echoOf } from '../../content/message/outbound/echo.ts'
import { type MessageLog as LogRow, loggedContent } from '../../platforms/wasender/session-logs.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Journal } from './journal.ts'

/** The gateway's own record of what it was asked to send; only with a personal access token. */
export type MessageLog = {
  /**
   * The row of a send whose answer was lost. It has to name the same recipient and content at the same time, and must
   * not belong to another send; without such a row nothing is known.
   */
  find(account: Account, link: OutboundLink, to: string): Promise<LogRow | undefined>
  /** The row of a send whose answer is known. */
  row(account: Account, link: Pick<OutboundLink, 'msgId' | 'sentAt'>): Promise<LogRow | undefined>
}

const PER_PAGE = 50
/** How far back one question goes. */
const MOST_PAGES = 5
/** Clocks differ, and the gateway may take its time with a request it accepts. */
const BEFORE_MS = 60_000
const AFTER_MS = 5 * 60_000

export function createMessageLog({ journal }: { journal: Journal }): MessageLog {
  /** Newest first, no older than the send in question. Without content in it (`log_messages` off) rows match nothing. */
  async function rowsSince(account: Account, since: number): Promise<LogRow[]> {
    const id = await account.managedSession?.id()
    if (id === undefined) return []
    const rows: LogRow[] = []
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const found = await account.wasender.sessions.messageLogs(id, { page, perPage: PER_PAGE })
      rows.push(...found.items)
      const oldest = found.items.at(-1)?.createdAt
      const isLast = found.totalPages !== undefined && page >= found.totalPages
      if (isLast || found.items.length === 0 || (oldest ?? 0) < since) break
    }
    return rows
  }

  return {
    async find(account, link, to) {
      const [from, until] = [link.sentAt - BEFORE_MS, link.sentAt + AFTER_MS]
      const rows = (await rowsSince(account, from)).filter(
        (row) =>
          // The zone of these times is not documented; should it not be UTC nothing matches, which is safe.
          row.createdAt !== undefined &&
          row.createdAt >= from &&
          row.createdAt <= until &&
          isSameRecipient(row.to, to) &&
          isSaid(row.content, link.fingerprint),
      )
      // The oldest first: that is the order in which sends to one chat leave.
      for (const row of rows.reverse()) {
        if ((await journal.byMsgId(account.id, row.msgId)) === undefined) return row
      }
      return undefined
    },
    async row(account, { msgId, sentAt }) {
      const rows = await rowsSince(account, sentAt - BEFORE_MS)
      return rows.find((row) => row.msgId === msgId)
    },
  }
}

/** Digits decide for numbers, which are written in several ways; everything else has to be equal. */
function isSameRecipient(logged: string | undefined, to: string): boolean {
  return logged !== undefined && plain(logged) === plain(to)
}

function plain(recipient: string): string {
  return recipient
    .trim()
    .replace(/^\+/, '')
    .replace(/@(s\.whatsapp\.net|c\.us)$/, '')
}

function isSaid(content: unknown, print: string): boolean {
  const said = loggedContent(content)
  return said !== undefined && fingerprint(echoOf(said)) === print
}
