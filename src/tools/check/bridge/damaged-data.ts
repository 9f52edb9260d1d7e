import { listDamagedFiles } from '../../../state/set-aside/set-aside.ts'
import { ok, warning } from '../check.ts'
import type { BridgeCheck } from './context.ts'

/** What could not be read was set aside and stops nothing, but is missing. */
export const damagedData: BridgeCheck = {
  id: 'data.damage',
  title: 'Stored data',
  needs: ['data.dir'],
  async run({ config }) {
    const files = await listDamagedFiles(config.data.dir)
    if (files.length === 0) return [ok('nothing was found to be damaged.')]
    return [
      warning(
        'data.damaged',
        `could not be read in part; what was damaged was set aside: ${files.join(', ')}.`,
        'Look at the disk and its log. Then delete these files, or keep them for somebody who can read them.',
      ),
    ]
  },
}
