import { expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { ContactsImportDeps } from './contacts-import.ts'
import { createRunningImports } from './running-imports.ts'

const account = {
  id: 'sales',
  chatwoot: { inboxes: { get: async () => ({ id: 3 }) } },
  wasender: {
    contacts: { list: async () => ({ items: [{ jid: '1555-1@g.us' }], total: 1, totalPages: 1 }) },
  },
} as unknown as Account

it('stops although nobody takes what an import tells', async () => {
  const imports = createRunningImports({
    store: {} as ContactsImportDeps['store'],
    lanes: { size: async () => 0 },
    clock: { now: () => 0 },
    pauseMs: 0,
    onError: (error) => {
      throw error
    },
  })
  const told = Promise.withResolvers<void>()
  const tell = () => {
    told.resolve()
    return new Promise<never>(() => {})
  }
  const { signal } = new AbortController()
  const done = imports.run(account, { dryRun: false, signal, tell })
  await told.promise
  expect(imports.mayBegin(account)).toBe(false)
  await imports.stop()
  await done
  expect(imports.mayBegin(account)).toBe(false)
})
