import { compact } from './fields.ts'

/** Stub types the bridge acts on (docs/platforms/wasender.md#kinds-of-message, #status-changes). */
export const STUB = { revoke: 1, undecryptable: 2 } as const

const NAMES: ReadonlyMap<string, number> = new Map([
  ['REVOKE', STUB.revoke],
  ['CIPHERTEXT', STUB.undecryptable],
])

/** Reads `messageStubType` and its parameters. 0 is protobuf's way to say there is none. */
export function readStub(
  type: unknown,
  parameters: unknown,
): { stub?: { type: number; parameters: string[] } } {
  const number = typeof type === 'string' ? (NAMES.get(type) ?? Number(type)) : type
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) return {}
  const list = Array.isArray(parameters) ? parameters : []
  const texts = list.filter((parameter) => typeof parameter === 'string')
  return compact({ stub: { type: number, parameters: texts } })
}
