import { z } from 'zod'
import type { WasenderStandIn } from '../../wasender/server.ts'

const answer = z.looseObject({ publicUrl: z.url() })

/**
 * Puts a file on the server of the stand-in, as its users do (docs/platforms/wasender.md#upload). Returns its address.
 */
export async function uploadToWasender(
  { apiUrl, session }: WasenderStandIn,
  mimetype: string,
  bytes: Uint8Array,
): Promise<string> {
  const response = await fetch(`${apiUrl}/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session().apiKey}`, 'content-type': mimetype },
    body: new Uint8Array(bytes),
  })
  return answer.parse(await response.json()).publicUrl
}
