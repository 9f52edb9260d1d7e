import type { RecordedVersion } from './recorded.ts'

/** Ids of what the steps before have made, by their names. */
export type Ids = Record<
  'inbox' | 'webhook' | 'contact' | 'bare' | 'greet' | 'conversation' | 'second',
  number
> & { messages: Record<string, number>; agent: number }

export type Step = {
  /** The recorded answer this one is compared with, without `api.`; the step's name where there is none. */
  answer: string
  /** The release it was recorded from, where not from all. */
  only?: RecordedVersion
  by?: 'agent' | 'nobody' | 'stranger'
  request: (ids: Ids) => [method: string, path: string, body?: unknown]
  /** Recorded webhooks that the step brings, in their order; `account:` for those to the account webhook alone. */
  webhooks?: string[]
  /** What the answer's id is kept as. */
  keep?: keyof Omit<Ids, 'messages' | 'agent'>
}
