import { ANSWER_KINDS } from './answer-kinds.ts'
import { BUSINESS_KINDS } from './business-kinds.ts'
import { EVENT_KINDS } from './event-kinds.ts'
import type { Kind } from './kind.ts'
import { PICTURE_KINDS } from './picture-kinds.ts'
import { SHOP_KINDS } from './shop-kinds.ts'
import { TEXT_KINDS } from './text-kinds.ts'

/** All of them, as the menu of the page groups them. */
export const KIND_GROUPS: readonly { name: string; kinds: readonly Kind[] }[] = [
  { name: 'From businesses', kinds: BUSINESS_KINDS },
  { name: 'Shopping and paying', kinds: SHOP_KINDS },
  { name: 'Events and invitations', kinds: EVENT_KINDS },
  { name: 'Pictures', kinds: PICTURE_KINDS },
  { name: 'Answers, stories, ads', kinds: ANSWER_KINDS },
  { name: 'Texts and unknown kinds', kinds: TEXT_KINDS },
]

export const KINDS: readonly Kind[] = KIND_GROUPS.flatMap(({ kinds }) => kinds)
