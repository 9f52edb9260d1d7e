import { z } from 'zod'
import type { BridgeConfig } from '../config/schema.ts'
import { ConfigError, PermanentError, TransientError } from '../errors.ts'

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
export function createAdminClient({ server }: Pick<BridgeConfig, 'server'>): AdminClient {
  const { adminToken } = server
  if (adminToken === undefined) {
    throw new ConfigError('Set server.adminToken: without it the bridge answers no commands.', {
      code: 'cli.no_admin_token',
    })
  }
  const base = `http://${hostOf(server.host)}:${server.port}/admin/api/`

  return async ({ method = 'GET', path, search = {} }, shape) => {
    const url = new URL(path, base)
    for (const [key, value] of Object.entries(search)) {
      if (value !== undefined) url.searchParams.set(key, String(value))
    }
    const response = await ask(url, { method, headers: { Authorization: `Bearer ${adminToken}` } })
    const body: unknown = await response.json().catch(() => undefined)
    const answer = shape.safeParse(body)
    if (response.ok && answer.success) return answer.data
    throw refused(response.status, body)
  }
}

/** Listening on every address is not an address to connect to. */
function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new TransientError(`No bridge answers at ${url.origin}. Is it running?`, {
      code: 'cli.no_bridge',
      cause,
    })
  }
}

function refused(status: number, body: unknown): PermanentError {
  const said = refusal.safeParse(body)
  const message = said.success ? said.data.error : 'What answers there is not a bridge.'
  return new PermanentError(message, { code: 'cli.refused', context: { status } })
}
