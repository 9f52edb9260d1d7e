import { ADMIN_STEPS, IMPORT_STEPS } from './admin-steps.ts'
import { ANSWER_STEPS } from './answer-steps.ts'
import { CHANGE_STEPS } from './change-steps.ts'
import { COMMAND_STEPS } from './command-steps.ts'
import { DOOR_STEPS } from './door-steps.ts'
import { ECHO_STEPS } from './echo-steps.ts'
import { FILE_STEPS } from './file-steps.ts'
import { GROUP_STEPS } from './group-steps.ts'
import { KIND_STEPS } from './kind-steps.ts'
import { MACHINE_STEPS } from './machine-steps.ts'
import { MEDIA_STEPS } from './media-steps.ts'
import { MENDING_STEPS } from './mending-steps.ts'
import { NEW_CHAT_STEPS } from './new-chat-steps.ts'
import { ODD_STEPS } from './odd-steps.ts'
import { OPERATOR_STEPS } from './operator-steps.ts'
import { PEOPLE_STEPS } from './people-steps.ts'
import type { Step } from './step.ts'
import { TALK_STEPS } from './talk-steps.ts'
import { TEXT_STEPS } from './text-steps.ts'
import { TROUBLE_STEPS } from './trouble-steps.ts'

/** The whole tour, in its order. */
export const STEPS: readonly Step[] = [
  ...DOOR_STEPS,
  ...IMPORT_STEPS,
  ...PEOPLE_STEPS,
  ...TEXT_STEPS,
  ...MEDIA_STEPS,
  ...TALK_STEPS,
  ...CHANGE_STEPS,
  ...KIND_STEPS,
  ...ODD_STEPS,
  ...GROUP_STEPS,
  ...FILE_STEPS,
  ...ANSWER_STEPS,
  ...MACHINE_STEPS,
  ...NEW_CHAT_STEPS,
  ...COMMAND_STEPS,
  ...ECHO_STEPS,
  ...OPERATOR_STEPS,
  ...ADMIN_STEPS,
  ...TROUBLE_STEPS,
  ...MENDING_STEPS,
]
