import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startRedis } from '../support/redis.ts'
import { account, type Row } from './stage.ts'

const SHIFT_CLOCK = pathToFileURL(join(import.meta.dirname, '../support/shift-clock.ts')).href

/** Mistakes of the bridge itself and of what it stands on. */
export const BRIDGE_FAULTS: Record<string, Row> = {
  'a configuration file everybody can read': {
    options: () => ({ mode: 0o644 }),
    id: 'config.files.open',
    level: 'warning',
    mend: 'chmod 600',
  },
  'no admin token': {
    plant: (tree) => {
      delete tree.server.adminToken
    },
    id: 'config.admin_token.missing',
    level: 'warning',
    mend: 'server.adminToken',
  },
  'an admin token out of the documentation': {
    plant: (tree) => {
      tree.server.adminToken = 'changeme'
    },
    id: 'config.admin_token.example',
    mend: 'openssl rand',
  },
  'a bridge that does not run': {
    options: (stage) => ({ env: { PORT: String(stage.closedPort) } }),
    id: 'bridge.not_running',
    mend: 'npm start',
  },
  'another program on the port of the bridge': {
    options: (stage) => ({ env: { PORT: new URL(stage.world.wasender.url).port } }),
    id: 'bridge.other_program',
    mend: 'server.port',
  },
  'a private address with the real gateway': {
    plant: (tree) => {
      delete account(tree).wasender.baseUrl
    },
    id: 'config.public_url.private',
    mend: 'server.publicUrl',
  },
  'a public address that leads to another program': {
    plant: (tree, stage) => {
      tree.server.publicUrl = stage.world.chatwoot.url
    },
    id: 'public.other_service',
    mend: 'lead to the bridge',
  },
  'a public address nobody listens at': {
    plant: (tree, stage) => {
      tree.server.publicUrl = `http://127.0.0.1:${stage.closedPort}`
    },
    id: 'public.unreachable',
    mend: 'from elsewhere',
  },
  'a public address with a path the bridge does not have': {
    plant: (tree, stage) => {
      tree.server.publicUrl = `${stage.world.bridge.url}/bridge`
    },
    id: 'public.prefix',
    mend: 'take that path away',
  },
  'no redis-server': {
    options: () => ({ env: { PATH: '/nonexistent' } }),
    id: 'redis.missing',
    mend: 'apt install redis-server',
  },
  'a Redis that is not there': {
    plant: (tree, stage) => {
      tree.redis = { url: `redis://127.0.0.1:${stage.closedPort}` }
    },
    id: 'redis.unreachable',
    mend: 'redis.url',
  },
  'a Redis that keeps nothing': {
    plant: async (tree, stage) => {
      const redis = await startRedis()
      stage.later(() => redis.stop())
      tree.redis = { url: redis.url }
    },
    id: 'redis.appendonly',
    mend: 'appendonly yes',
  },
  'no ffmpeg': {
    options: () => ({ env: { PATH: '/nonexistent' } }),
    id: 'ffmpeg.missing',
    level: 'warning',
    mend: 'apt install ffmpeg',
  },
  'two accounts on one session and inbox': {
    plant: (tree) => {
      tree.accounts.push({ ...account(tree), id: 'support' })
    },
    id: 'accounts.same_session',
    mend: 'accounts[].wasender.apiKey',
  },
  'a clock ten minutes ahead': {
    options: () => ({
      env: { NODE_OPTIONS: `--import=${SHIFT_CLOCK}`, TEST_CLOCK_SHIFT_MS: '600000' },
    }),
    id: 'clock.signatures',
    mend: 'NTP',
  },
}
