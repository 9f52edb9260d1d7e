import { SHORTEST_ADMIN_TOKEN } from '../../../config/schema.ts'
import { type Finding, failed, ok, warning } from '../check.ts'
import type { BridgeCheck } from './context.ts'

const MAKE_ONE =
  'Set server.adminToken to a long random text, such as what "openssl rand -hex 32" prints.'
/** What stands in documentation and gets copied from it. */
const EXAMPLES =
  /^(a long random text|change[-_ ]?me|secret|password|admin|token|test|example|x+|<.*>)$/i

/** Who has it can do everything the admin pages can. */
export const adminToken: BridgeCheck = {
  id: 'config.admin_token',
  title: 'Admin token',
  run: ({ config }) => [judgeAdminToken(config.server.adminToken)],
}

export function judgeAdminToken(token: string | undefined): Finding {
  if (token === undefined) {
    const found = 'not set, so admin pages and commands such as "failures" are off.'
    return warning('config.admin_token.missing', found, MAKE_ONE)
  }
  if (EXAMPLES.test(token.trim())) {
    return failed('config.admin_token.example', 'an example that anybody can guess.', MAKE_ONE)
  }
  if (token.length < SHORTEST_ADMIN_TOKEN) {
    return warning(
      'config.admin_token.short',
      `shorter than ${SHORTEST_ADMIN_TOKEN} characters.`,
      MAKE_ONE,
    )
  }
  return ok('set.')
}
