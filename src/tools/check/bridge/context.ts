import type { Environment } from '../../../config/environment.ts'
import type { BridgeConfig } from '../../../config/schema.ts'
import type { Check } from '../check.ts'

/** What the checks of the bridge itself look at. */
export type BridgeContext = {
  config: BridgeConfig
  /** The file the configuration came from. */
  configFile: string
  env: Environment
}

export type BridgeCheck = Check<BridgeContext>
