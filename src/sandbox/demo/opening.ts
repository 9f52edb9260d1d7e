import type { CastMember } from './cast.ts'
import type { DemoWorld } from './world.ts'

/** The customers write first, through the bridge like everything else, so that the page does not open empty. */
export async function playOpening(world: DemoWorld, cast: readonly CastMember[]): Promise<void> {
  // The first of the cast comes last, which puts them on top of the helpdesk's list.
  for (const { opening, ...member } of cast.toReversed()) {
    await world.wasender.person(member).sendText(opening).delivered
  }
}
