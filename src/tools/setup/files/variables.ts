/** `sales-2` as the start of variable names: `SALES_2`. */
function prefixOf(accountId: string): string {
  const name = accountId.toUpperCase().replaceAll('-', '_')
  return /^\d/.test(name) ? `_${name}` : name
}

/** Secrets of an account and what their variables are called, as in `bridge.example.yaml`. */
const ACCOUNT_VARIABLES = {
  apiKey: 'WASENDER_API_KEY',
  webhookSecret: 'WASENDER_WEBHOOK_SECRET',
  personalAccessToken: 'WASENDER_PAT',
  apiAccessToken: 'CHATWOOT_TOKEN',
  chatwootSecret: 'CHATWOOT_WEBHOOK_SECRET',
  chatwootToken: 'CHATWOOT_WEBHOOK_TOKEN',
} as const

/** Variable of one account's secret, e.g. `SALES_WASENDER_API_KEY`. */
export function accountVariable(id: string, secret: keyof typeof ACCOUNT_VARIABLES): string {
  return `${prefixOf(id)}_${ACCOUNT_VARIABLES[secret]}`
}

export const ADMIN_TOKEN_VARIABLE = 'BRIDGE_ADMIN_TOKEN'
export const REDIS_URL_VARIABLE = 'REDIS_URL'

/** `${NAME}`, as the configuration takes a variable. */
export function referenceTo(variable: string): string {
  return `\${${variable}}`
}

/** The variable a text of the configuration consists of, if it is just that. */
export function referredBy(text: unknown): string | undefined {
  return typeof text === 'string' ? /^\$\{([A-Za-z_]\w*)\}$/.exec(text.trim())?.[1] : undefined
}
