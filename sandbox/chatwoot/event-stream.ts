import { streamSSE } from 'hono/streaming'
import type { App } from './api.ts'
import type { Change } from './changes.ts'
import type { World } from './state.ts'
import type { Json } from './types.ts'

/** Where a change happened, small enough to be sent for every one. */
function locate(world: World, change: Change): Json {
  if ('messageId' in change) {
    const message = world.messages.get(change.messageId)
    return {
      message_id: change.messageId,
      account_id: message?.accountId,
      conversation_id: message?.conversationId,
    }
  }
  if ('contactId' in change)
    return {
      contact_id: change.contactId,
      account_id: world.contacts.get(change.contactId)?.accountId,
    }
  const conversation = world.conversations.get(change.pk)
  return { conversation_id: conversation?.id, account_id: conversation?.accountId }
}

/**
 * `GET /_sandbox/events`: every change under its webhook's name, and `changed` (at most one waiting) for those that have
 * none, such as a read mark.
 */
export function mountEventStream(app: App, world: World): void {
  app.get('/_sandbox/events', (c) =>
    streamSSE(c, async (stream) => {
      const waiting: { event: string; data: string }[] = []
      let wake = () => {}
      const push = (event: string, data: Json) => {
        waiting.push({ event, data: JSON.stringify(data) })
        wake()
      }
      const stops = [
        world.onChange((change) => push(change.event, locate(world, change))),
        world.signal.listen(() => {
          if (waiting.length === 0) push('changed', {})
        }),
      ]
      stream.onAbort(() => {
        for (const stop of stops) stop()
        wake()
      })
      await stream.writeSSE({ event: 'ready', data: '{}' })
      while (!stream.aborted) {
        const next = waiting.shift()
        if (next === undefined)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        else await stream.writeSSE(next)
      }
    }),
  )
}
