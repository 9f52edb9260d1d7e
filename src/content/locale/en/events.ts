import { refusals } from './failed.ts'

/** Words for what happens around messages. */
export const events = {
  refusals,
  refusedWith: (code: string) => `WhatsApp could not deliver this message (error ${code}).`,
}
