import { account, type Row } from './stage.ts'

/** Mistakes of the helpdesk side. */
export const CHATWOOT_FAULTS: Record<string, Row> = {
  'a Chatwoot that is not there': {
    plant: (tree, stage) => {
      account(tree).chatwoot.baseUrl = `http://127.0.0.1:${stage.closedPort}`
    },
    id: 'chatwoot.unreachable',
    mend: 'accounts[0].chatwoot.baseUrl',
  },
  'something else in place of Chatwoot': {
    plant: (tree, stage) => {
      account(tree).chatwoot.baseUrl = stage.world.bridge.url
    },
    id: 'chatwoot.not_a_chatwoot',
    mend: 'without /app',
  },
  'a Chatwoot that does not sign': {
    plant: async (tree, stage) => {
      const other = await stage.otherChatwoot({ version: '4.12.1' })
      const { chatwoot } = account(tree)
      Object.assign(chatwoot, { baseUrl: other.url, apiAccessToken: other.adminToken })
    },
    id: 'chatwoot.unsigned',
    mend: 'accounts[0].chatwoot.webhookToken',
  },
  'a wrong access token': {
    plant: (tree) => {
      account(tree).chatwoot.apiAccessToken = 'wrong'
    },
    id: 'chatwoot.token.refused',
    mend: 'accounts[0].chatwoot.apiAccessToken',
  },
  'the token of a bot': {
    plant: (tree, stage) => {
      account(tree).chatwoot.apiAccessToken = stage.world.chatwoot.botToken
    },
    id: 'chatwoot.token.bot',
    mend: 'profile page of an administrator',
  },
  'the token of an agent': {
    plant: (tree, stage) => {
      account(tree).chatwoot.apiAccessToken = stage.world.chatwoot.agentToken
    },
    id: 'chatwoot.token.agent',
    level: 'warning',
    mend: 'administrator',
  },
  'a proxy that drops the token': {
    plant: (_tree, stage) =>
      stage.world.chatwoot.faults.add({
        kind: 'answer',
        status: 401,
        path: '/api/v1/profile',
        body: { errors: ['You need to sign in or sign up before continuing.'] },
      }),
    id: 'chatwoot.token.header_dropped',
    mend: 'Api-Access-Token',
  },
  'a wrong account number': {
    plant: (tree) => {
      account(tree).chatwoot.accountId = 77
    },
    id: 'chatwoot.account',
    mend: 'accounts[0].chatwoot.accountId',
  },
  'an inbox that does not exist': {
    plant: (tree) => {
      account(tree).chatwoot.inboxId = 77
    },
    id: 'inbox.missing',
    mend: 'accounts[0].chatwoot.inboxId',
  },
  'an inbox of another kind': {
    plant: async (tree, stage) => {
      const made = await stage.asAdministrator('POST', 'inboxes', {
        name: 'Mail',
        channel: { type: 'email' },
      })
      account(tree).chatwoot.inboxId = made.id
    },
    id: 'inbox.not_api',
    mend: 'of the kind API',
  },
  'an inbox without agents': {
    plant: async (tree, stage) => {
      const made = await stage.asAdministrator('POST', 'inboxes', {
        name: 'Empty',
        channel: { type: 'api' },
      })
      account(tree).chatwoot.inboxId = made.id
    },
    id: 'inbox.no_agents',
    level: 'warning',
    mend: 'Collaborators',
  },
  'a conversation that Chatwoot cannot show': {
    plant: (_tree, stage) =>
      stage.world.chatwoot.faults.add({
        kind: 'answer',
        status: 500,
        method: 'GET',
        path: '/conversations',
      }),
    id: 'chatwoot.conversations.list',
    mend: 'log of Chatwoot',
  },
  'a callback that leads elsewhere': {
    plant: (_tree, stage) =>
      stage.spoilInbox({ webhookUrl: 'https://old.example.com/webhooks/chatwoot/sales' }),
    id: 'inbox.callback.elsewhere',
    mend: '/webhooks/chatwoot/sales',
  },
  'a callback that is no address': {
    plant: (_tree, stage) => stage.spoilInbox({ webhookUrl: 'not a url' }),
    id: 'inbox.callback.no_address',
    mend: '/webhooks/chatwoot/sales',
  },
  'another secret of the inbox': {
    plant: (_tree, stage) => stage.spoilInbox({ secret: 'another-inbox-secret' }),
    id: 'inbox.secret.differs',
    level: 'warning',
    mend: 'accounts[0].chatwoot.webhookSecret',
  },
}
