import { account, type Row } from './stage.ts'

/** Mistakes of the WhatsApp side. */
export const WASENDER_FAULTS: Record<string, Row> = {
  'a WasenderAPI that is not there': {
    plant: (tree, stage) => {
      account(tree).wasender.baseUrl = `http://127.0.0.1:${stage.closedPort}/api`
    },
    id: 'wasender.unreachable',
    mend: 'accounts[0].wasender.baseUrl',
  },
  'a wrong API key': {
    plant: (tree) => {
      account(tree).wasender.apiKey = 'f'.repeat(64)
    },
    id: 'wasender.apiKey.refused',
    mend: 'accounts[0].wasender.apiKey',
  },
  'the personal access token as API key': {
    plant: (tree) => {
      const { wasender } = account(tree)
      wasender.apiKey = wasender.personalAccessToken
    },
    id: 'wasender.apiKey.mixed_up',
    mend: "the session's page",
  },
  'the API key as personal access token': {
    plant: (tree) => {
      const { wasender } = account(tree)
      wasender.personalAccessToken = wasender.apiKey
    },
    id: 'wasender.personalAccessToken.mixed_up',
    mend: 'Settings, Personal Access Token',
  },
  'a subscription that has ended': {
    plant: (_tree, stage) =>
      stage.world.wasender.faults.add({
        kind: 'answer',
        status: 403,
        path: '/status',
        body: {
          success: false,
          message: 'Active subscription or trial is required to use the API',
        },
      }),
    id: 'wasender.subscription',
    mend: 'Renew it',
  },
  'a session that waits for a scan': {
    plant: (_tree, stage) => stage.spoilSession({ status: 'need_scan' }),
    id: 'session.need_scan',
    mend: 'sessions qr --account sales',
  },
  'a session that was logged out': {
    plant: (_tree, stage) => stage.spoilSession({ status: 'logged_out' }),
    id: 'session.logged_out',
    mend: 'sessions connect --account sales',
  },
  'a number of a session that does not exist': {
    plant: (tree) => {
      account(tree).wasender.sessionId = 99
    },
    id: 'session.unknown_id',
    mend: 'accounts[0].wasender.sessionId',
  },
  'a webhook that leads elsewhere': {
    plant: (_tree, stage) =>
      stage.spoilSession({ webhookUrl: 'https://old.example.com/hook-with-a-secret' }),
    id: 'session.webhook.elsewhere',
    mend: '/webhooks/wasender/sales',
  },
  'webhooks switched off': {
    plant: (_tree, stage) => stage.spoilSession({ webhookEnabled: false }),
    id: 'session.webhook.disabled',
    mend: 'Switch them on',
  },
  'events that are not ticked': {
    plant: (_tree, stage) =>
      stage.spoilSession({ webhookEvents: ['messages.upsert', 'session.status'] }),
    id: 'session.events.missing',
    mend: 'Tick them',
  },
  'another webhook secret': {
    plant: (_tree, stage) => stage.spoilSession({ webhookSecret: 'another-secret' }),
    id: 'session.webhook.secret',
    level: 'warning',
    mend: 'accounts[0].wasender.webhookSecret',
  },
  'blue ticks for everything': {
    plant: (_tree, stage) => stage.spoilSession({ readIncomingMessages: true }),
    id: 'session.reads_messages',
    level: 'warning',
    mend: 'Switch it off',
  },
  'groups that are dropped and wanted': {
    plant: (_tree, stage) => stage.spoilSession({ ignoreGroups: true }),
    id: 'session.ignores_groups',
    level: 'warning',
    mend: 'options.groups',
  },
  'a session that leaves broadcast lists out': {
    plant: (_tree, stage) => stage.spoilSession({ ignoreBroadcasts: true }),
    id: 'session.ignores_broadcasts',
    level: 'warning',
    mend: 'Switch it off',
  },
  'a pace that account protection refuses': {
    plant: (tree, stage) => {
      stage.spoilSession({ accountProtection: true })
      account(tree).options.pace = 100
    },
    id: 'session.pace',
    level: 'warning',
    mend: 'accounts[0].options.pace to auto',
  },
  'webhook settings that do not take effect': {
    plant: (_tree, stage) => stage.spoilSession({ webhookSyncFails: true }),
    options: () => ({ args: ['--json', '--resync'] }),
    id: 'session.not_synced',
    mend: 'check --resync',
  },
}
