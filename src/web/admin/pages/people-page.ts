import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { ContactsForget } from '../../../bridge/forget/contacts-forget.ts'
import { isSomething, type Kept } from '../../../bridge/forget/kept.ts'
import { readPerson } from '../../../bridge/forget/person.ts'
import { BridgeError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Who } from '../../../platforms/wasender/jid.ts'
import { oneByOne } from '../people-routes.ts'
import { FORM_TOKEN_FIELD, type SignedIn } from '../sign-in/require-sign-in.ts'
import type { Page } from './layout.ts'
import { framed, type LivePageDeps } from './live-page.ts'
import { askFirst } from './parts/forms.ts'
import { type Html, html, nothing } from './parts/html.ts'

export type PeoplePageDeps = Pick<LivePageDeps, 'adminSessions' | 'notices'> & {
  accounts: readonly AccountId[]
  forget: ContactsForget
}

const PATH = '/admin/people'
const UNREADABLE = 'That is no number. Write it with its country code, such as +12025550143.'
const FORGOTTEN = 'Forgotten. What Chatwoot keeps is not touched: delete the contact there.'

const form = z.object({ person: z.string().max(100).default('').catch('') })

type Result = { person: string; kept?: readonly Kept[]; problem?: string }

/** `/admin/people`: what is kept of somebody, and its erasure. Numbers travel in forms, never in addresses. */
export function createPeoplePage(deps: PeoplePageDeps): Hono<SignedIn> {
  const { accounts, forget, notices, adminSessions } = deps
  const app = new Hono<SignedIn>()

  const show = (c: Context<SignedIn>, result: Result, status: 200 | 400 = 200) =>
    c.html(framed(c, page(result, adminSessions.formToken(c.get('adminSession'))), deps), status)

  async function read(c: Context): Promise<{ person: string; who: Who | undefined }> {
    const { person } = form.parse(await c.req.parseBody())
    return { person, who: readPerson(person) }
  }

  app.get('/', (c) => show(c, { person: '' }))

  app.post('/', async (c) => {
    const { person, who } = await read(c)
    if (who === undefined) return show(c, { person, problem: UNREADABLE }, 400)
    const kept = await oneByOne(accounts, (id) => forget.find(id, { who }))
    return show(c, { person, kept: kept.filter(isSomething) })
  })

  app.post('/forget', async (c) => {
    const { person, who } = await read(c)
    if (who === undefined) return show(c, { person, problem: UNREADABLE }, 400)
    const adminSession = c.get('adminSession')
    try {
      await oneByOne(accounts, (id) => forget.erase(id, { who }))
      notices.leave(adminSession, { kind: 'done', text: FORGOTTEN })
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      notices.leave(adminSession, { kind: 'problem', text: error.message })
    }
    return c.redirect(PATH, 303)
  })
  return app
}

function page({ person, kept, problem }: Result, formToken: string): Page {
  return {
    title: 'People',
    isLive: false,
    content: html`<h1>People</h1>
<p class="lead">What the bridge keeps of somebody, by their number. It can be erased, when a person asks for it.</p>
<form class="filter" method="post" action="${PATH}" aria-label="Person">
<input type="hidden" name="${FORM_TOKEN_FIELD}" value="${formToken}">
<label class="grow">Phone number <input name="person" value="${person}" required autocomplete="off" inputmode="tel" placeholder="+12025550143"></label>
<button class="button primary">Look</button>
</form>
${problem === undefined ? nothing : html`<p class="notice problem" role="alert">${problem}</p>`}
${kept === undefined ? nothing : found(kept, person, formToken)}`,
  }
}

function found(kept: readonly Kept[], person: string, formToken: string): Html {
  if (kept.length === 0) return html`<p class="empty">The bridge keeps nothing of this person.</p>`
  const question = {
    id: 'forget',
    path: `${PATH}/forget`,
    label: 'Forget',
    title: 'Forget this person?',
    text: 'All of this is erased for good, in every account. Messages that wait are not delivered any more. Chatwoot keeps its contact and messages until you delete them there.',
    confirm: 'Erase it',
    look: 'danger' as const,
    fields: { person },
  }
  return html`${kept.map(card)}<div class="actions">${askFirst(question, formToken)}</div>`
}

function card(kept: Kept): Html {
  const facts: [string, string | number][] = [
    [
      'Conversations',
      kept.conversations.length === 0 ? 'none known' : kept.conversations.join(', '),
    ],
    ['Addresses, with names', kept.addresses],
    ['Messages, by their ids', kept.messages],
    ['Waiting', kept.waiting],
    ['Dead letters', kept.failures],
    ['Short-lived notes', kept.memories],
  ]
  return html`<article class="card"><div class="card-head"><h2>${kept.account}</h2></div>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</article>`
}
