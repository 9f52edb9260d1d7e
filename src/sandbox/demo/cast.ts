/** Somebody whose phone the demo shows. */
export type CastMember = { phone: string; lid: string; name: string; opening: string }

/** The customers of the demo, with what they write when it opens. */
export const CAST: readonly CastMember[] = [
  {
    phone: '+12025550101',
    lid: '189975000000101',
    name: 'Maria Souza',
    opening: 'Hello! Is the *blue bicycle* still there? _I could come by today._',
  },
  {
    phone: '+12025550102',
    lid: '189975000000102',
    name: 'John Example',
    opening: 'My order arrived, but the ~box~ lamp is broken. What now?',
  },
]
