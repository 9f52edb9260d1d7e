// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the file takes variables in just this form
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { editConfig, type Wanted } from './edit-config.ts'

const TOP: Wanted[] = [
  { at: ['server', 'publicUrl'], value: 'https://bridge.example.com' },
  { at: ['server', 'adminToken'], value: 'admin-secret', variable: 'BRIDGE_ADMIN_TOKEN' },
]
const OF_ACCOUNT: Wanted[] = [
  { at: ['wasender', 'apiKey'], value: 'key-secret', variable: 'SALES_WASENDER_API_KEY' },
  { at: ['chatwoot', 'inboxId'], value: 7 },
]
const ENV = { BRIDGE_ADMIN_TOKEN: 'admin-secret', SALES_WASENDER_API_KEY: 'key-secret' }

const edit = (
  text: string | undefined,
  { environment = {}, account = 'sales', top = TOP, ofAccount = OF_ACCOUNT } = {},
) => editConfig({ text, environment, account, top, ofAccount })

const WRITTEN = `# mine
server:
  host: 127.0.0.1 # only here
  publicUrl: https://bridge.example.com/ # with a slash

# the accounts
accounts:
  # the shop
  - id: shop
    wasender: { apiKey: "\${SHOP_KEY}" }
  - id: sales # keep me
    chatwoot:
      inboxId: 3 # was the first one
      baseUrl: https://chat.example.com
    wasender:
      apiKey: \${MY_KEY}
    options:
      agentName: "*{agent}*\\n"
`

it('makes a configuration from nothing, with secrets as variables', () => {
  const { text, variables } = edit(undefined)
  expect(parse(text)).toEqual({
    server: { publicUrl: 'https://bridge.example.com', adminToken: '${BRIDGE_ADMIN_TOKEN}' },
    accounts: [
      {
        id: 'sales',
        wasender: { apiKey: '${SALES_WASENDER_API_KEY}' },
        chatwoot: { inboxId: 7 },
      },
    ],
  })
  expect(variables).toEqual(ENV)
  expect(text).not.toContain('secret\n')
  expect(text).toMatch(/^# yaml-language-server: .*\n/)
  expect(text).toContain('\n\naccounts:')
})

it('gives the very same text when everything is there', () => {
  const { text } = edit(undefined)
  // Odd spacing is nobody's business while nothing has to change.
  const odd = `${text}\n\n#  the   end`
  expect(edit(odd, { environment: ENV })).toEqual({ text: odd, changed: [], variables: {} })
})

it('changes what differs and keeps comments, order and the rest', () => {
  const { text, changed, variables } = edit(WRITTEN, { environment: { MY_KEY: 'old' } })
  expect(changed).toEqual(['server.adminToken', 'accounts[1].chatwoot.inboxId'])
  expect(variables).toEqual({ MY_KEY: 'key-secret', BRIDGE_ADMIN_TOKEN: 'admin-secret' })
  const expected = WRITTEN.replace('inboxId: 3', 'inboxId: 7').replace(
    '# with a slash\n',
    '# with a slash\n  adminToken: ${BRIDGE_ADMIN_TOKEN}\n',
  )
  expect(text).toBe(expected)
})

it('adds an account at the end', () => {
  const { text } = edit(WRITTEN, { account: 'support' })
  const { accounts } = parse(text)
  expect(accounts.map(({ id }: { id: string }) => id)).toEqual(['shop', 'sales', 'support'])
  expect(text).toContain('# keep me')
})

it('does not change a variable that others take too', () => {
  const shared = WRITTEN.replace('SHOP_KEY', 'MY_KEY')
  const { text, variables } = edit(shared, { environment: { MY_KEY: 'old' }, top: [] })
  expect(variables).toEqual({ SALES_WASENDER_API_KEY: 'key-secret' })
  expect(parse(text).accounts[0].wasender.apiKey).toBe('${MY_KEY}')
  expect(parse(text).accounts[1].wasender.apiKey).toBe('${SALES_WASENDER_API_KEY}')
})

it('leaves a secret in the file that is right, and takes out one that is wrong', () => {
  const plain = (key: string) => WRITTEN.replace('${MY_KEY}', key)
  const right = edit(plain('key-secret'), { top: [], ofAccount: OF_ACCOUNT.slice(0, 1) })
  expect(right.changed).toEqual([])
  const wrong = edit(plain('stale'), { top: [], ofAccount: OF_ACCOUNT.slice(0, 1) })
  expect(wrong.changed).toEqual(['accounts[1].wasender.apiKey'])
  expect(wrong.text).not.toContain('stale')
  expect(wrong.variables).toEqual({ SALES_WASENDER_API_KEY: 'key-secret' })
})

it('keeps lists that are not indented as they are', () => {
  const flat = 'accounts:\n- id: sales\n  chatwoot:\n    inboxId: 3\n'
  const { text } = edit(flat, { top: [], ofAccount: OF_ACCOUNT.slice(1) })
  expect(text).toBe(flat.replace('3', '7'))
})
