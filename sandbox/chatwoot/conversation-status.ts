import type { Was } from './changes.ts'
import { changeConversation } from './conversations.ts'
import { crashed } from './errors.ts'
import { related } from './lookups.ts'
import { createActivity, insertMessage } from './messages.ts'
import { nameOf } from './parties.ts'
import type { World } from './state.ts'
import type { Actor, Conversation, ConversationStatus } from './types.ts'

const ACTIVITY: Readonly<Record<ConversationStatus, string>> = {
  open: 'Conversation was reopened by',
  resolved: 'Conversation was marked resolved by',
  pending: 'Conversation was marked as pending by',
  snoozed: 'Conversation was snoozed by',
}

/**
 * Sets the status, or toggles it when none is given. An unknown value is an unhandled error in Chatwoot: 500
 * (docs/platforms/chatwoot.md#changing-conversations).
 */
export function setStatus(
  world: World,
  conversation: Conversation,
  actor: Actor,
  wanted: string | undefined,
  snoozedUntil: number | null = null,
  was?: Was,
): void {
  const status = wanted ?? (conversation.status === 'open' ? 'resolved' : 'open')
  if (!isStatus(status)) throw crashed()
  const changed = status !== conversation.status
  // Past the model: no webhook tells that nobody waits for an answer any more.
  if (status === 'resolved') conversation.waitingSince = null
  const values = {
    status,
    snoozedUntil: status === 'snoozed' ? snoozedUntil : null,
    ...takenOver(conversation, actor, status),
  }
  changeConversation(world, conversation, values, was)
  if (!changed) return
  createActivity(world, conversation, `${ACTIVITY[status]} ${nameOf(actor)}`)
  if (status === 'resolved') sendSurvey(world, conversation)
}

const isStatus = (value: string): value is ConversationStatus => Object.hasOwn(ACTIVITY, value)

/**
 * An agent, unlike an administrator, who opens a conversation gets it (docs/platforms/chatwoot.md#tokens-and-roles).
 */
function takenOver(
  conversation: Conversation,
  actor: Actor,
  status: ConversationStatus,
): Partial<Conversation> {
  const takes = actor.type === 'User' && actor.role === 'agent' && status === 'open'
  return takes && conversation.assignee === null
    ? { assignee: { type: 'User', id: actor.user.id } }
    : {}
}

function sendSurvey(world: World, conversation: Conversation): void {
  const { settings } = related(world.inboxes, conversation.inboxId)
  if (settings.csat_survey_enabled) createSurvey(world, conversation)
}

/** The CSAT template; with its link since 4.4 (docs/platforms/chatwoot.md#rich-content). */
export function createSurvey(world: World, conversation: Conversation) {
  const link = world.has('csatLink')
    ? `, ${world.frontendUrl}/survey/responses/${conversation.uuid}`
    : ''
  return insertMessage(world, conversation, {
    messageType: 'template',
    content: `Please rate this conversation${link}`,
    contentType: 'input_csat',
    contentAttributes: { display_type: 'emoji' },
  })
}
