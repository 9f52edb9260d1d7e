import { z } from 'zod'
import type { Clock } from '../../../kernel/clock.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Link } from '../../../state/store/types.ts'
import {
  findMessages,
  type Look,
  type MessageView,
  recognise,
  viewOf,
  type WantedMessage,
} from '../message-routes.ts'
import type { Page } from './layout.ts'
import { type Html, html, nothing, raw } from './parts/html.ts'
import { shownChat } from './parts/shown-chat.ts'
import { ago, clockTime } from './parts/times.ts'

export const messageQuery = z.object({
  account: z.string().optional().catch(undefined),
  id: z.string().max(200).default('').catch(''),
})

type MessagesPageDeps = { accounts: readonly AccountId[]; journal: Look; clock: Clock }

const BY: Readonly<Record<WantedMessage['by'], string>> = {
  chatwoot: 'Chatwoot’s message id',
  gateway: 'WasenderAPI’s msgId',
  whatsapp: 'WhatsApp’s id',
}

/** `/admin/messages`: the whole story of a message, by whichever of its ids somebody has at hand. */
export function createMessagesPage({ accounts, journal, clock }: MessagesPageDeps) {
  /** A number may be of either platform, and both accounts may have it: everything that fits is shown. */
  async function find(id: string, chosen: readonly AccountId[]) {
    const tries = chosen.flatMap((account) =>
      recognise(id).map(async (wanted) => {
        return { by: wanted.by, links: await findMessages(journal, account, wanted) }
      }),
    )
    return (await Promise.all(tries)).filter(({ links }) => links.length > 0)
  }

  return async ({ account, id }: z.output<typeof messageQuery>): Promise<Page> => {
    const named = accounts.filter((each) => each === account)
    const found = await find(id, named.length === 0 ? accounts : named)
    const missing = id.trim() !== '' && found.length === 0
    return {
      title: 'Messages',
      content: html`<h1>Find a message</h1>
<p class="lead">By its id in Chatwoot, in WhatsApp or in WasenderAPI. What it says is never shown here.</p>
${searchForm(accounts, { account, id })}
${missing ? html`<p class="empty">No message with this id. It may be older than what is kept, or of another account.</p>` : nothing}
${found.map((group) => stories(group, clock.now()))}`,
    }
  }
}

function stories({ by, links }: { by: WantedMessage['by']; links: Link[] }, now: number): Html {
  return html`<section class="found"><h2>Found by ${BY[by]}</h2>
${links.map((link) => messageStory(viewOf(link), now))}</section>`
}

function searchForm(
  accounts: readonly AccountId[],
  { account, id }: { account: string | undefined; id: string },
): Html {
  return html`<form class="filter" method="get" action="/admin/messages" role="search" aria-label="Messages">
<label class="grow">Message id <input name="id" value="${id}" required autocomplete="off" spellcheck="false"></label>
<label>Account <select name="account"><option value="">All</option>
${accounts.map((each) => html`<option value="${each}" ${each === account ? raw('selected') : nothing}>${each}</option>`)}
</select></label>
<button class="button primary">Find</button>
</form>`
}

const WAYS = { in: 'WhatsApp to Chatwoot', out: 'Chatwoot to WhatsApp' } as const

const TONES: Readonly<Record<string, string>> = {
  failed: 'bad',
  unknown: 'busy',
  queued: 'busy',
  sending: 'busy',
}

/** One WhatsApp message: its ids, how far it has come, and how it came there. */
function messageStory(message: MessageView, now: number): Html {
  const { account, direction, chat, part, state, reason, history } = message
  return html`<article class="card story">
<div class="card-head"><h3>${WAYS[direction]}${part === null ? nothing : html`, part ${part}`}</h3>
<span class="badge ${TONES[state] ?? 'good'}">${state}</span></div>
${reason === null ? nothing : html`<p class="reason">${reason}</p>`}
<dl class="facts">
<div><dt>Account</dt><dd><a href="/admin/accounts/${account}">${account}</a></dd></div>
<div><dt>Chat</dt><dd>${shownChat(chat)}</dd></div>
<div><dt>Conversation</dt><dd>${message.conversationId}</dd></div>
<div><dt>Chatwoot message</dt><dd>${message.messageId}</dd></div>
<div><dt>WhatsApp id</dt><dd>${message.whatsappId === null ? 'not known yet' : html`<code>${message.whatsappId}</code>`}</dd></div>
${message.msgId === null ? nothing : html`<div><dt>WasenderAPI msgId</dt><dd>${message.msgId}</dd></div>`}
</dl>
<ol class="timeline">${history.map(({ at, what }) => step(at, what, now))}</ol>
</article>`
}

function step(iso: string, what: string, now: number): Html {
  const at = Date.parse(iso)
  return html`<li class="${TONES[what] ?? ''}"><span>${what}</span> ${ago(at, now)}<small>${clockTime(at)}</small></li>`
}
