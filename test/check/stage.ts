import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { stringify } from 'yaml'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../../sandbox/chatwoot/stand-in.ts'
import { freePort } from '../../sandbox/free-port.ts'
import type { Session } from '../../sandbox/wasender/session.ts'
import type { Level } from '../../src/tools/check/check.ts'
import type { Report } from '../../src/tools/check/report.ts'
import { startWorld, type World } from '../support/world.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

type AccountTree = Record<'wasender' | 'chatwoot' | 'options', Record<string, unknown>> & {
  id: string
}
/** A configuration as it is written, to be spoiled. */
export type Tree = {
  server: Record<string, unknown>
  redis?: Record<string, unknown>
  data: Record<string, unknown>
  accounts: AccountTree[]
}

export type CheckOptions = { args?: string[]; env?: Record<string, string>; mode?: number }
export type Ran = { exit: number | null; stdout: string; stderr: string }

/** A mistake and what `check` has to say about it. */
export type Row = {
  plant?: (tree: Tree, stage: Stage) => unknown
  options?: (stage: Stage) => CheckOptions
  id: string
  /** `failed` when absent. */
  level?: Level
  /** Words of the remedy. */
  mend: string
}

export type Stage = Awaited<ReturnType<typeof startStage>>

/** A running bridge between both stand-ins, and the means to spoil each of them until `reset`. */
export async function startStage() {
  const world = await startWorld()
  const undo: (() => unknown)[] = []
  const path = await withFfmpeg(world.dir)
  const inbox = () => firstInbox(world.chatwoot)
  const closedPort = await freePort()

  return {
    world,
    /** Nobody listens there. */
    closedPort,
    healthy: () => healthyTree(world),
    check: (tree: Tree, options: CheckOptions = {}) => runCheck(world, path, tree, options),
    later: (step: () => unknown) => void undo.push(step),
    async reset() {
      world.wasender.faults.clear()
      world.chatwoot.faults.clear()
      for (const step of undo.splice(0).reverse()) await step()
    },
    spoilSession(values: Partial<Session>) {
      const session = world.wasender.session()
      const before = { ...session }
      Object.assign(session, values)
      undo.push(() => Object.assign(session, before))
    },
    spoilInbox(values: { webhookUrl?: string; secret?: string }) {
      const { id, webhookUrl, secret } = inbox()
      world.chatwoot.updateInbox(id, values)
      undo.push(() => world.chatwoot.updateInbox(id, { webhookUrl, secret }))
    },
    /** Asks Chatwoot with the token of an administrator. */
    asAdministrator: (method: string, path: string, body: object) =>
      call(world.chatwoot, method, path, body),
    async otherChatwoot(options: ChatwootStandInOptions) {
      const other = await startChatwootStandIn(options)
      undo.push(() => other.close())
      return other
    },
  }
}

export const account = (tree: Tree): AccountTree => tree.accounts[0]!
export const firstInbox = (chatwoot: ChatwootStandIn) => chatwoot.inboxes()[0]!

/** The configuration of a set-up that is all right. */
function healthyTree({ wasender, chatwoot, bridge, dir }: World): Tree {
  const inbox = firstInbox(chatwoot)
  const { apiKey, webhookSecret } = wasender.session()
  const { apiUrl: baseUrl, personalAccessToken } = wasender
  return {
    server: { host: '127.0.0.1', publicUrl: bridge.url, adminToken: 'a-token-of-twenty-letters' },
    data: { dir: join(dir, 'data') },
    accounts: [
      {
        id: 'sales',
        wasender: { baseUrl, apiKey, webhookSecret, personalAccessToken },
        chatwoot: {
          baseUrl: chatwoot.url,
          accountId: 1,
          inboxId: inbox.id,
          apiAccessToken: chatwoot.adminToken,
          webhookSecret: inbox.secret,
        },
        options: {},
      },
    ],
  }
}

/** A PATH on which there is an ffmpeg, also on a machine without. */
async function withFfmpeg(dir: string): Promise<string> {
  const folder = join(dir, 'bin')
  await mkdir(folder)
  await writeFile(join(folder, 'ffmpeg'), '', { mode: 0o755 })
  return [folder, process.env.PATH].join(delimiter)
}

/** Runs the real command on a configuration. */
async function runCheck(
  world: World,
  path: string,
  tree: Tree,
  { args = ['--json'], env = {}, mode = 0o600 }: CheckOptions,
): Promise<Ran> {
  const file = join(world.dir, 'checked.yaml')
  await writeFile(file, stringify(tree))
  await chmod(file, mode)
  const port = String(world.bridge.port)
  const child = spawn(process.execPath, [MAIN, 'check', '--config', file, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', PATH: path, PORT: port, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran: Ran = { exit: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    ran.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    ran.stderr += chunk
  })
  const [exit] = await once(child, 'close')
  return { ...ran, exit }
}

/** All warnings and failures, with the account they are about. */
export function troubles({ stdout }: Ran) {
  const { groups } = JSON.parse(stdout) as Report
  return groups.flatMap((group) =>
    group.checks.flatMap(({ findings }) =>
      findings.flatMap((each) => ('id' in each ? [{ account: group.account, ...each }] : [])),
    ),
  )
}

async function call(chatwoot: ChatwootStandIn, method: string, path: string, body: object) {
  const response = await fetch(`${chatwoot.url}/api/v1/accounts/1/${path}`, {
    method,
    headers: { 'Api-Access-Token': chatwoot.adminToken, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as { id: number; payload?: { contact: { id: number } } }
}

/** Puts a picture of a customer into a conversation of the first inbox. */
export async function bringPicture(chatwoot: ChatwootStandIn): Promise<void> {
  const { id: inbox_id } = firstInbox(chatwoot)
  const post = (path: string, body: object) => call(chatwoot, 'POST', path, body)
  const made = await post('contacts', { name: 'C', inbox_id, source_id: '1' })
  const contact_id = made.payload?.contact.id
  const { id } = await post('conversations', { inbox_id, contact_id, source_id: '1' })
  const form = new FormData()
  form.set('message_type', 'incoming')
  form.append('attachments[]', new Blob(['x'], { type: 'image/png' }), 'a.png')
  await fetch(`${chatwoot.url}/api/v1/accounts/1/conversations/${id}/messages`, {
    method: 'POST',
    headers: { 'Api-Access-Token': chatwoot.adminToken },
    body: form,
  })
}
