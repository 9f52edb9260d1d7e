import { expect, it } from 'vitest'
import { asTyped } from './as-typed.ts'

const env = { BRIDGE_COMMAND: 'npm run cli --' }

it('names commands as they are typed', () => {
  const text = 'Run: wasender-chatwoot sessions qr, or "wasender-chatwoot setup".'
  expect(asTyped(text, { env })).toBe('Run: npm run cli -- sessions qr, or "npm run cli -- setup".')
})

it('leaves the program of that name alone, and everything when it is called by its name', () => {
  expect(asTyped('wasender-chatwoot is here', { env })).toBe('wasender-chatwoot is here')
  expect(asTyped('wasender-chatwoot check', { env: {} })).toBe('wasender-chatwoot check')
})

it('names commands that look at the running bridge as they are typed beside it', () => {
  const containers = { BRIDGE_COMMAND: 'compose run cli', BRIDGE_COMMAND_BESIDE: 'compose exec it' }
  expect(
    asTyped('wasender-chatwoot setup, then wasender-chatwoot check.', { env: containers }),
  ).toBe('compose run cli setup, then compose exec it check.')
})
