import type { AccountCheck } from './account-context.ts'
import { adminToken } from './bridge/admin-token.ts'
import type { BridgeCheck } from './bridge/context.ts'
import { damagedData } from './bridge/damaged-data.ts'
import { dataDir, disk } from './bridge/data-dir.ts'
import { ffmpeg } from './bridge/ffmpeg.ts'
import { publicReach } from './bridge/public-reach.ts'
import { publicUrl } from './bridge/public-url.ts'
import { redis } from './bridge/redis.ts'
import { running } from './bridge/running.ts'
import { secretFiles } from './bridge/secret-files.ts'
import { sharedAccounts } from './bridge/shared-accounts.ts'
import { agents } from './chatwoot/agents.ts'
import { chatwootAnswers } from './chatwoot/answers.ts'
import { callback, callbackSecret } from './chatwoot/callback.ts'
import { conversationList } from './chatwoot/conversations.ts'
import { frontendUrl } from './chatwoot/frontend-url.ts'
import { inbox } from './chatwoot/inbox.ts'
import { privateCallback } from './chatwoot/private-callback.ts'
import { chatwootToken } from './chatwoot/token.ts'
import { chatwootVersion } from './chatwoot/version.ts'
import { clockSkew } from './clock-skew.ts'
import { wasenderAnswers } from './wasender/answers.ts'
import { limits } from './wasender/limits.ts'
import { openLids } from './wasender/open-lids.ts'
import { ourSession } from './wasender/our-session.ts'
import { resync } from './wasender/resync.ts'
import { sessionEvents } from './wasender/session-events.ts'
import { sessionSettings } from './wasender/session-settings.ts'
import { sessionState } from './wasender/session-state.ts'
import { sessionWebhook } from './wasender/session-webhook.ts'
import { accessToken, apiKey } from './wasender/tokens.ts'

/** What concerns the whole bridge, in the order it is shown. */
export const BRIDGE_CHECKS: readonly BridgeCheck[] = [
  secretFiles,
  adminToken,
  sharedAccounts,
  running,
  publicUrl,
  publicReach,
  redis,
  dataDir,
  disk,
  damagedData,
  ffmpeg,
]

/** Those that only look; what concerns one account, in the order it is shown. */
const LOOKS: readonly AccountCheck[] = [
  wasenderAnswers,
  apiKey,
  sessionState,
  limits,
  openLids,
  accessToken,
  ourSession,
  sessionWebhook,
  sessionEvents,
  sessionSettings,
  chatwootAnswers,
  chatwootVersion,
  chatwootToken,
  inbox,
  callback,
  callbackSecret,
  privateCallback,
  agents,
  conversationList,
  frontendUrl,
  clockSkew,
]

/** With `resync` also the one that stores something. */
export function accountChecks({ resync: isAsked }: { resync: boolean }): readonly AccountCheck[] {
  return isAsked ? [...LOOKS, resync] : LOOKS
}
