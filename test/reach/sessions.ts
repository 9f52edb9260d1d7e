import type { ReachRow } from './row.ts'
import type { Stage } from './stage.ts'

/** A session nobody else uses, which may be changed and deleted. */
function spare({ wasender }: Stage) {
  return wasender.addSession({ status: 'disconnected', paired: false })
}
const command =
  (...args: string[]): ReachRow['run'] =>
  async (stage) => {
    await stage.cli('sessions', ...args, String(spare(stage).id))
  }

/** The routes about sessions (docs/platforms/wasender.md#session-routes). Admins use them. */
export const SESSION_ROWS: readonly ReachRow[] = [
  {
    name: 'GET /whatsapp-sessions',
    how: '`sessions list`, the admin API',
    async run(stage) {
      const { id } = spare(stage)
      const listed = JSON.stringify(await stage.cli('sessions', 'list'))
      if (!listed.includes(`"id":${id}`)) throw new Error('The session is not listed')
    },
  },
  {
    name: 'POST /whatsapp-sessions',
    how: '`sessions create`, `setup`, the admin API',
    async run(stage) {
      const name = `Made for ${stage.phone.slice(-4)}`
      const options = { name, 'phone-number': '+15550009999', 'log-messages': 'on' }
      const flags = Object.entries({ ...options, 'account-protection': 'off' })
      await stage.cli('sessions', 'create', ...flags.flatMap(([k, v]) => [`--${k}`, v]))
      if (!stage.wasender.sessions().some((session) => session.name === name)) {
        throw new Error('There is no new session')
      }
    },
  },
  { name: 'GET /whatsapp-sessions/{id}', how: '`sessions show`, `check`', run: command('show') },
  {
    name: 'PUT /whatsapp-sessions/{id}',
    how: '`sessions update`, `setup`, `check --resync`',
    async run(stage) {
      const session = spare(stage)
      await stage.cli('sessions', 'update', '--name', 'Renamed', String(session.id))
      if (session.name !== 'Renamed') throw new Error('The session is as it was')
    },
  },
  {
    name: 'DELETE /whatsapp-sessions/{id}',
    how: '`sessions delete`',
    run: command('delete', '--yes'),
  },
  {
    name: 'POST /whatsapp-sessions/{id}/connect',
    how: '`sessions connect`, the admin page, `!connect` in the operator’s conversation',
    async run({ wasender, chatwoot, operator }) {
      await wasender.setStatus(1, 'disconnected')
      const conversation = await operator()
      await chatwoot.agent().reply(conversation, '!connect')
      await wasender.waitFor(() => wasender.session().status === 'connected')
    },
  },
  {
    name: 'GET /whatsapp-sessions/{id}/qrcode',
    how: '`sessions qr`, the admin page, `!qr` in the operator’s conversation',
    async run(stage) {
      const { id } = spare(stage)
      await stage.wasender.setStatus(id, 'need_scan')
      const shown = await stage.cli('sessions', 'qr', '--once', String(id))
      if (!JSON.stringify(shown).includes('2@')) throw new Error('There is no code')
    },
  },
  {
    name: 'POST /whatsapp-sessions/{id}/disconnect',
    how: '`sessions disconnect`, the admin page, `!disconnect` in the operator’s conversation',
    run: command('disconnect'),
  },
  {
    name: 'POST /whatsapp-sessions/{id}/restart',
    how: '`sessions restart`, the admin page, `!restart` in the operator’s conversation',
    async run(stage) {
      await stage.cli('sessions', 'restart')
    },
  },
  {
    name: 'POST /whatsapp-sessions/{id}/regenerate-key',
    how: '`sessions regenerate-key`, the admin page. The bridge goes on with the new key',
    async run(stage) {
      const before = stage.wasender.session().apiKey
      await stage.cli('sessions', 'regenerate-key', '--yes')
      if (stage.wasender.session().apiKey === before) throw new Error('The key is as it was')
      await stage.sends(stage.reply('Still here'))
    },
  },
  {
    name: 'GET /whatsapp-sessions/{id}/session-logs',
    how: '`sessions logs`',
    run: command('logs'),
  },
  {
    name: 'GET /whatsapp-sessions/{id}/message-logs',
    how: '`sessions logs --messages`; the bridge, to settle a send whose answer was lost',
    run: command('logs', '--messages'),
  },
  {
    name: 'GET /status',
    how: '`sessions status`, the admin page, `!status` in any conversation',
    async run(stage) {
      await stage.reply('!status', { private: true })
      await stage.shown((m) => m.private && m.content?.includes('connected') === true)
    },
  },
]

/** The webhooks about sessions. */
export const SESSION_EVENTS: readonly ReachRow[] = [
  {
    name: 'session.status',
    how: 'a line in the operator’s conversation, the admin page, `bridge_session_up`; agents whose messages wait are told',
    async run({ wasender, admin }) {
      await wasender.setStatus(1, 'connecting')
      await wasender.setStatus(1, 'connected')
      const told = JSON.stringify(await admin('accounts/sales/session'))
      if (!told.includes('connected')) throw new Error('The state is not told')
    },
  },
  {
    name: 'qrcode.updated',
    how: 'the picture on the admin page and in the operator’s conversation, renewed',
    async run({ wasender, admin }) {
      const session = wasender.session()
      session.paired = false
      await wasender.setStatus(1, 'need_scan')
      const shown = JSON.stringify(await admin('accounts/sales/session/qr'))
      await wasender.scan(1)
      if (!shown.includes('2@')) throw new Error('There is no code')
    },
  },
  {
    name: 'passkey.updated',
    how: 'taken and let go: linking by passkey is finished in the WasenderAPI dashboard, as the state `need_passkey` says',
    async run({ wasender }) {
      await wasender.emit(1, 'passkey.updated', { stage: 'request', requestId: 'r' })
    },
  },
  {
    name: 'webhook.test',
    how: 'taken: the dashboard’s test succeeds',
    async run({ wasender }) {
      await wasender.emit(1, 'webhook.test', {})
    },
  },
]
