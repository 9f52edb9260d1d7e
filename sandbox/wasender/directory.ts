import { digitsOf, readAddress } from './addresses.ts'

/** Somebody with WhatsApp, as the platform knows them. Tests may change any field but the phone. */
export type Profile = {
  /** Digits. */
  readonly phone: string
  /** Digits; absent for somebody WhatsApp has not given a LID. */
  lid?: string | undefined
  /** Their own display name, the `pushName` of webhooks. */
  name: string
  /** The name in our address book. */
  savedName?: string | undefined
  username?: string | undefined
  about?: string | undefined
  imgUrl?: string | undefined
  /** Their number is never shown: webhooks and look-ups carry the LID only. */
  hidePhone: boolean
  /** We have blocked them: nothing they write reaches us. */
  blocked: boolean
}

export type ProfileOptions = {
  phone: string
  /** `null`: somebody without a LID. By default one is made up. */
  lid?: string | null
  name?: string
  username?: string
  about?: string
  imgUrl?: string
  hidePhone?: boolean
  /** Other spellings that lead to the same person, such as a Brazilian number with the ninth digit. */
  aliases?: string[]
}

export type Directory = {
  /** Registers somebody, or updates them when the phone is known. */
  add(options: ProfileOptions): Profile
  /** Somebody registered, by phone, JID, LID or @username. */
  find(address: string): Profile | undefined
  /** Like `find`, but makes up somebody for a number that could be on WhatsApp. */
  resolve(address: string): Profile | undefined
  all(): Profile[]
}

export type DirectoryOptions = {
  /** Digits of numbers without WhatsApp; may be changed at any time. */
  notOnWhatsapp: Set<string>
  /** Whether a number nobody registered is on WhatsApp. */
  unknownNumbers: 'exist' | 'missing'
}

export function createDirectory({ notOnWhatsapp, unknownNumbers }: DirectoryOptions): Directory {
  const byPhone = new Map<string, Profile>()
  const aliases = new Map<string, string>()

  function add(options: ProfileOptions): Profile {
    const phone = digitsOf(options.phone)
    for (const alias of options.aliases ?? []) aliases.set(digitsOf(alias), phone)
    const { lid, aliases: _aliases, ...given } = options
    const current = byPhone.get(phone) ?? newcomer(phone, byPhone.size)
    const profile = Object.assign(current, { ...given, phone })
    if (lid !== undefined) profile.lid = lid === null ? undefined : digitsOf(lid)
    byPhone.set(phone, profile)
    return profile
  }

  function find(text: string): Profile | undefined {
    const address = readAddress(text)
    switch (address.kind) {
      case 'phone':
        if (notOnWhatsapp.has(address.digits)) return undefined
        return byPhone.get(aliases.get(address.digits) ?? address.digits)
      case 'lid':
        return [...byPhone.values()].find((profile) => profile.lid === address.digits)
      case 'username':
        return [...byPhone.values()].find((profile) => profile.username === address.name)
      default:
        return undefined
    }
  }

  function resolve(text: string): Profile | undefined {
    const address = readAddress(text)
    const known = find(text)
    if (known !== undefined || address.kind !== 'phone') return known
    if (unknownNumbers === 'missing' || notOnWhatsapp.has(address.digits)) return undefined
    return address.digits.length < 8 ? undefined : add({ phone: address.digits })
  }

  return { add, find, resolve, all: () => [...byPhone.values()] }
}

function newcomer(phone: string, number: number): Profile {
  return {
    phone,
    lid: String(189975000000001 + number),
    name: `Contact ${number + 1}`,
    hidePhone: false,
    blocked: false,
  }
}
