import { ok, warning } from '../check.ts'
import { findExecutable } from '../executable.ts'
import type { BridgeCheck } from './context.ts'

/** Only recordings of agents need it. */
export const ffmpeg: BridgeCheck = {
  id: 'ffmpeg',
  title: 'ffmpeg',
  async run({ env }) {
    if ((await findExecutable(['ffmpeg'], env.PATH)) !== undefined) return [ok('installed.')]
    return [
      warning(
        'ffmpeg.missing',
        'not installed, so voice messages of agents are sent as recorded and may not play on every phone.',
        'Install ffmpeg ("apt install ffmpeg", "apk add ffmpeg") and restart the bridge.',
      ),
    ]
  },
}
