/** Somebody whose phone the demo shows. */
export type CastMember = {
  phone: string
  lid: string
  name: string
  opening: string
  /** WhatsApp tells the business a hidden id of theirs in place of the number. */
  hidesNumber?: boolean
  /** Colors of the profile picture. */
  picture: { background: number; clothes: number }
}

/** The customers of the demo, with what they write when it opens. */
export const CAST: readonly CastMember[] = [
  {
    phone: '+12025550101',
    lid: '189975000000101',
    name: 'Maria Souza',
    opening: 'Hello! Is the *blue bicycle* still there? _I could come by today._',
    picture: { background: 0x3b6ea5, clothes: 0xe07a3f },
  },
  {
    phone: '+12025550102',
    lid: '189975000000102',
    name: 'John Example',
    opening: 'My order arrived, but the ~box~ lamp is broken. What now?',
    picture: { background: 0x6b8f71, clothes: 0x2f3e63 },
  },
  {
    phone: '+12025550103',
    lid: '189975000000103',
    name: 'Lou Hart',
    opening: 'Hi, do you repair *tandems*?',
    hidesNumber: true,
    picture: { background: 0x8a6fa8, clothes: 0x2f6b5f },
  },
]

/** The group of those who show their numbers, with what its first member writes when the demo opens. */
export const CLUB = { subject: 'Bike club', opening: 'Who joins the *Sunday ride*?' }
