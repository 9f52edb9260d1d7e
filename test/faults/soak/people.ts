import type { Person } from '../../../sandbox/wasender/people.ts'
import type { Fleet } from '../../support/fleet.ts'

/** A customer who writes to every account of the fleet. */
export type Customer = { phone: string; person: Person }

/** The customers of a round: all but the last are known from earlier rounds, the last one is new. */
export function customersOf(fleet: Fleet, seed: number, count: number): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const isNew = index === count - 1
    const number = isNew ? 1_000_000 + (seed % 8_000_000) : index + 1
    const digits = `1555${String(number).padStart(7, '0')}`
    const phone = `+${digits}`
    const lid = `18${digits}00`
    return { phone, person: fleet.wasender.person({ phone, lid, name: `Customer ${number}` }) }
  })
}
