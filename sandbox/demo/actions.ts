import type { Actions } from './action.ts'
import { HELPDESK_ACTIONS } from './helpdesk/helpdesk-actions.ts'
import { PHONE_ACTIONS } from './phone/phone-actions.ts'
import { TROUBLE_ACTIONS } from './trouble-actions.ts'

/** Everything a visitor can do on the page. */
export const ACTIONS: Actions = { ...PHONE_ACTIONS, ...HELPDESK_ACTIONS, ...TROUBLE_ACTIONS }
