/** How far a message has come: 0 error, 1 pending, 2 sent, 3 delivered, 4 read, 5 played. */
export type Ack = 0 | 1 | 2 | 3 | 4 | 5

/** Numbers as the docs have them, names as the SDK's types do (docs/platforms/wasender.md#status-changes). */
const ACKS: ReadonlyMap<string, Ack> = new Map([
  ['0', 0],
  ['error', 0],
  ['failed', 0],
  ['1', 1],
  ['pending', 1],
  ['2', 2],
  ['sent', 2],
  ['server_ack', 2],
  ['3', 3],
  ['delivered', 3],
  ['delivery_ack', 3],
  ['4', 4],
  ['read', 4],
  ['5', 5],
  ['played', 5],
])

/** The status behind a number, a numeric string or a name in any case; `undefined` for anything else. */
export function toAck(value: unknown): Ack | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  return ACKS.get(String(value).trim().toLowerCase())
}
