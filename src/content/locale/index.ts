import { en, type Texts } from './en.ts'

export type { Texts } from './en.ts'

const LOCALES: Readonly<Record<string, Texts>> = { en }

/** The texts of a locale; the configuration only lets known ones through. */
export function textsOf(locale: string): Texts {
  return LOCALES[locale] ?? en
}
