import type { DemoWorld } from '../world.ts'

/** Asks the bridge's admin API; resolves with the text of its answer. */
export async function askAdmin(
  { bridge, adminToken }: DemoWorld,
  method: 'GET' | 'POST',
  path: string,
): Promise<string> {
  const headers = { Authorization: `Bearer ${adminToken}` }
  const response = await fetch(`${bridge.url}/admin/api/${path}`, { method, headers })
  if (!response.ok) throw new Error(`${method} ${path} should work, not answer ${response.status}.`)
  return response.text()
}
