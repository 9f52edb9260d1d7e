import type { MessageView } from '../message-view.ts'
import { type Html, html, nothing } from './parts/html.ts'
import { shownChat } from './parts/shown-chat.ts'
import { ago, clockTime } from './parts/times.ts'

const WAYS = { in: 'WhatsApp to Chatwoot', out: 'Chatwoot to WhatsApp' } as const

const TONES: Readonly<Record<string, string>> = {
  failed: 'bad',
  unknown: 'busy',
  queued: 'busy',
  sending: 'busy',
}

/** One WhatsApp message: its ids, how far it has come, and how it came there. */
export function messageStory(message: MessageView, now: number): Html {
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
