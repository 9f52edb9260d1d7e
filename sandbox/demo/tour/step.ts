import type { DemoWorld } from '../world.ts'

/** Which way a step of the tour goes, in the order of the report. */
export const DIRECTIONS = [
  'WhatsApp → helpdesk',
  'helpdesk → WhatsApp',
  'both ways',
  'agent commands',
  'operators and admins',
  'bridge',
] as const
export type Direction = (typeof DIRECTIONS)[number]

/** One promise of the bridge that the tour tries out. `run` throws when it does not hold. */
export type Step = {
  name: string
  direction: Direction
  run(world: DemoWorld): Promise<void>
}

export type StepResult = {
  name: string
  direction: Direction
  result: 'passed' | 'failed' | 'skipped'
  ms: number
  /** Why it failed. */
  problem?: string
}

/** Throws what should have been, unless it is. */
export function expectThat(holds: boolean, should: string): void {
  if (!holds) throw new Error(should)
}
