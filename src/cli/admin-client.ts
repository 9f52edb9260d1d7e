import { z } from 'zod'
import type { BridgeConfig } from '../config/schema.ts'
import { ConfigError, PermanentError, TransientError } from '../kernel/errors.ts'
import { localAddress } from '../web/http/listen.ts'

/** One question to the admin API. */
export type AdminRequest = {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Below `/admin/api/`, ids encoded. */
  path: string
  search?: Record<string, string | number | undefined>
}

/** Asks the running bridge. Throws errors worded for whoever sits at the terminal. */
export type AdminClient = <Shape extends z.ZodType>(
  request: AdminRequest,
  shape: Shape,
) => Promise<z.output<Shape>>

const refusal = z.object({ error: z.string() })

/**
 * A client of the admin API of the bridge that runs on this machine with this configuration.
 *
 * @throws {ConfigError} when the configuration has no admin token.
 */
export function createAdminClient(config: Pick<BridgeConfig, 'server'>): AdminClient {
  const request = createAdminRequest(config)
  return async (asked, shape) => {
    const response = await request(asked)
    const body: unknown = await response.json().catch(() => undefined)
    const answer = shape.safeParse(body)
    if (response.ok && answer.success) return answer.data
    throw refused(response.status, body)
  }
}

/**
 * Asks for an answer that comes line by line, each a JSON value of the shape.
 *
 * @throws {ConfigError} when the configuration has no admin token.
 */
export function createAdminStream(config: Pick<BridgeConfig, 'server'>) {
  const request = createAdminRequest(config)
  return async function* <Shape extends z.ZodType>(
    asked: AdminRequest,
    shape: Shape,
  ): AsyncGenerator<z.output<Shape>> {
    const response = await request(asked)
    if (!response.ok || response.body === null) {
      throw refused(response.status, await response.json().catch(() => undefined))
    }
    for await (const line of linesOf(response.body)) yield shape.parse(JSON.parse(line))
  }
}

function createAdminRequest({ server }: Pick<BridgeConfig, 'server'>) {
  const { adminToken } = server
  if (adminToken === undefined) {
    throw new ConfigError('Set server.adminToken: without it the bridge answers no commands.', {
      code: 'cli.no_admin_token',
    })
  }
  const base = `${localAddress(server)}/admin/api/`

  return ({ method = 'GET', path, search = {} }: AdminRequest): Promise<Response> => {
    const url = new URL(path, base)
    for (const [key, value] of Object.entries(search)) {
      if (value !== undefined) url.searchParams.set(key, String(value))
    }
    return ask(url, { method, headers: { Authorization: `Bearer ${adminToken}` } })
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    throw new TransientError('The bridge hung up before it was done.', {
      code: 'cli.hung_up',
      cause,
    })
  }
}

async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new TransientError(
      `No bridge answers at ${url.origin}. It has to run for this command: start it, or say with --config which one is meant.`,
      {
        code: 'cli.no_bridge',
        cause,
      },
    )
  }
}

function refused(status: number, body: unknown): PermanentError {
  const said = refusal.safeParse(body)
  const message = said.success ? said.data.error : 'What answers there is not a bridge.'
  return new PermanentError(message, { code: 'cli.refused', context: { status } })
}
