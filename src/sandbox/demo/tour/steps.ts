import { DOOR_STEPS } from './door-steps.ts'
import { ECHO_STEPS } from './echo-steps.ts'
import type { Step } from './step.ts'
import { TEXT_STEPS } from './text-steps.ts'
import { TROUBLE_STEPS } from './trouble-steps.ts'

/** The whole tour, in its order. */
export const STEPS: readonly Step[] = [
  ...DOOR_STEPS,
  ...TEXT_STEPS,
  ...ECHO_STEPS,
  ...TROUBLE_STEPS,
]
