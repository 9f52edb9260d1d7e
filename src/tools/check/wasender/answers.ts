import type { BridgeError } from '../../../kernel/errors.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, ok } from '../check.ts'
import { describeNetwork } from '../network.ts'

/** Whether WasenderAPI is there at all. Any refusal of its own shows that it is. */
export const wasenderAnswers: AccountCheck = {
  id: 'wasender',
  title: 'WasenderAPI',
  async run({ wasender, account, at }) {
    const { baseUrl } = account.wasender
    const outcome = await wasender.status()
    const finding = outcome.ok ? undefined : judgeSilence(outcome.error, `${at}.wasender.baseUrl`)
    return [finding ?? ok(`answers at ${baseUrl}.`)]
  },
}

/** What an error says about the other end; `undefined` when it is WasenderAPI and speaks for itself. */
export function judgeSilence(error: BridgeError, setting: string): Finding | undefined {
  return BY_CODE[error.code]?.(error, setting)
}

const notTheApi = (_error: BridgeError, setting: string) =>
  failed(
    'wasender.not_the_api',
    'what answers there is not WasenderAPI.',
    `Set ${setting} to https://www.wasenderapi.com/api, or leave it out.`,
  )

const BY_CODE: Readonly<Record<string, (error: BridgeError, setting: string) => Finding>> = {
  'wasender.unreachable': ({ context }, setting) => {
    const { found, mend } = describeNetwork(context.network)
    const more = `Its address is in ${setting}; outgoing https has to be allowed from here.`
    return failed('wasender.unreachable', `it cannot be reached: ${found}.`, `${mend} ${more}`)
  },
  'wasender.unavailable': ({ context }) =>
    failed(
      'wasender.unavailable',
      `it is in trouble (HTTP ${context.status}).`,
      'Wait: the bridge keeps what is to be sent and tries again. If it lasts, ask WasenderAPI.',
    ),
  'wasender.challenged': ({ context }, setting) =>
    failed(
      'wasender.challenged',
      `a protection page (HTML) stands in front of it and refuses this server (HTTP ${context.status}).`,
      `It is a matter of the network, not of the token: ask WasenderAPI to let the address of this server through, or send from another one. ${setting} is right.`,
    ),
  'wasender.bad_token': ({ message }) =>
    failed('wasender.bad_token', message, 'Copy it again, without spaces and quotes.'),
  'wasender.redirected': notTheApi,
  'wasender.no_route': notTheApi,
  'wasender.unreadable_answer': notTheApi,
}
