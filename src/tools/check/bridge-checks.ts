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
