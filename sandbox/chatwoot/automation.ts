import { createSurvey } from './conversation-status.ts'
import { conversationOf } from './lookups.ts'
import { createMessage } from './messages.ts'
import type { World } from './state.ts'
import type { AgentBot, Message } from './types.ts'

/** Messages nobody types (docs/platforms/chatwoot.md#where-messages-come-from). Answers are copies of the records. */
export type Automation = {
  /** The text of an automation rule: outgoing, without sender. */
  text(conversationId: number, text: string): Promise<Message>
  /** A greeting, out-of-office or auto-resolve text: a template without sender. */
  template(conversationId: number, text: string): Promise<Message>
  /** The satisfaction survey with its link. */
  survey(conversationId: number): Message
  /** The agent bot's answer. */
  botReply(conversationId: number, text: string): Promise<Message>
}

/** The machinery of one account. */
export function createAutomation(world: World, accountId: number, bot: AgentBot): Automation {
  const at = (id: number) => conversationOf(world, accountId, id)
  return {
    text: async (id, content) =>
      structuredClone(
        await createMessage(world, at(id), {
          content,
          author: null,
          contentAttributes: { automation_rule_id: 1 },
        }),
      ),
    template: async (id, content) =>
      structuredClone(await createMessage(world, at(id), { content, messageType: 'template' })),
    survey: (id) => structuredClone(createSurvey(world, at(id))),
    botReply: async (id, content) =>
      structuredClone(
        await createMessage(world, at(id), { content, author: { type: 'AgentBot', id: bot.id } }),
      ),
  }
}
