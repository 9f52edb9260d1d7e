import { setTimeout as wait } from 'node:timers/promises'
import type { Context, Handler } from 'hono'
import { getCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import type { AdminSessions } from '../sign-in/admin-session.ts'
import { COOKIE, type SignedIn } from '../sign-in/require-sign-in.ts'
import { layout, type Page } from './layout.ts'
import type { Notices } from './notices.ts'
import type { Html } from './parts/html.ts'

export type LivePageDeps = {
  adminSessions: AdminSessions
  notices: Notices
  /** The bridge stops: nobody is kept waiting for news. */
  closing: AbortSignal
  /** Milliseconds between two looks while somebody has the page open. */
  refreshMs: number
  onError: (error: unknown) => void
}

/** Answers with what there is at an address now; `undefined` when there is nothing. */
export type Render = (c: Context<SignedIn>) => Promise<Page | undefined>

/**
 * A page at its address. To a browser's EventSource the same address tells of every change: event `page` with the new
 * content, `same`, `trouble` when it cannot be told, and `over` once nobody is signed in any more.
 */
export function createLivePage(deps: LivePageDeps) {
  return (render: Render): Handler<SignedIn> => {
    return async (c, next) => {
      if (c.req.header('Accept') === 'text/event-stream') return streamPage(c, render, deps)
      const page = await render(c)
      return page === undefined ? next() : c.html(framed(c, page, deps))
    }
  }
}

/** The page with what stands around it for somebody who is signed in. */
export function framed(
  c: Context<SignedIn>,
  page: Page,
  { adminSessions, notices }: Pick<LivePageDeps, 'adminSessions' | 'notices'>,
): Html {
  const adminSession = c.get('adminSession')
  const notice = notices.take(adminSession)
  return layout(page, {
    path: c.req.path,
    formToken: adminSessions.formToken(adminSession),
    notice,
  })
}

function streamPage(c: Context<SignedIn>, render: Render, deps: LivePageDeps): Response {
  const { adminSessions, closing, refreshMs, onError } = deps
  const left = new AbortController()
  const over = AbortSignal.any([left.signal, closing])
  const isSignedIn = async () => (await adminSessions.read(getCookie(c, COOKIE))) !== undefined
  let shown: string | undefined

  async function news(): Promise<{ event: string; data: string }> {
    try {
      const content = String((await (await render(c))?.content) ?? '')
      if (content === shown) return { event: 'same', data: '' }
      shown = content
      return { event: 'page', data: content }
    } catch (error) {
      onError(error)
      return { event: 'trouble', data: '' }
    }
  }

  // A proxy that collects what it passes on would hold the news back.
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => left.abort())
      while (!over.aborted && (await isSignedIn())) {
        await stream.writeSSE(await news())
        await wait(refreshMs, undefined, { signal: over }).catch(whenAborted)
      }
      if (!over.aborted) await stream.writeSSE({ event: 'over', data: '' })
    },
    async (error) => onError(error),
  )
}

/** The end of a wait that nobody waits for is no error. */
function whenAborted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}
