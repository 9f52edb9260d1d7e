import type { Account } from '../../account.ts'
import { BridgeError, isRetryable } from '../../errors.ts'
import type { DownloadFile } from '../download.ts'
import { type InboundFile, toFile } from './inbound-file.ts'
import { FileLostError } from './lost.ts'
import { isLastTry, notNow, reasonOf, tellingOf } from './verdict.ts'
import { fromWhatsapp, type Source, throughGateway, type Wanted, type Way } from './ways.ts'

export type OpenRequest = Wanted & {
  /** How often this file has failed before. */
  failures: number
}

/**
 * Opens files of WhatsApp messages.
 *
 * @throws {FileLostError} when the file will not come any more
 * @throws {TransientError} when it may come later
 */
export type InboundMedia = {
  open(account: Account, request: OpenRequest): Promise<InboundFile>
}

/**
 * Two ways lead to a file: the gateway decrypts it, or the bridge does. The second is tried at once
 * when the first is closed. What only shows while bytes flow (a wrong hash, a broken connection)
 * costs a repetition; each repetition begins with the other way than the one before.
 */
export function createInboundMedia({ download }: { download: DownloadFile }): InboundMedia {
  const ways: readonly Way[] = [throughGateway(download), fromWhatsapp(download)]

  return {
    async open(account, request) {
      const { media, failures } = request
      const { maxBytes } = account.options.media
      if ((media.size ?? 0) > maxBytes) throw new FileLostError(media, 'tooLarge')
      const closed: BridgeError[] = []
      for (const way of failures % 2 === 0 ? ways : ways.toReversed()) {
        const source = await tryWay(way, account, request)
        if (!(source instanceof BridgeError)) {
          const isOnlyOne = closed.length === ways.length - 1 && !closed.some(isRetryable)
          return toFile(source, { media, failures, maxBytes, isOnlyOne })
        }
        closed.push(source)
      }
      throw givenUp(request, closed)
    },
  }
}

async function tryWay(way: Way, account: Account, wanted: Wanted): Promise<Source | BridgeError> {
  try {
    return await way(account, wanted)
  } catch (error) {
    if (error instanceof BridgeError) return error
    throw error
  }
}

/** All ways are closed. One that may open again is waited for, but not for ever. */
function givenUp({ media, failures }: OpenRequest, closed: BridgeError[]): BridgeError {
  const passing = closed.find(isRetryable)
  if (passing === undefined) return new FileLostError(media, tellingOf(closed.map(reasonOf)))
  if (!isLastTry(failures)) return notNow(passing)
  return new FileLostError(media, 'unavailable', { cause: passing })
}
