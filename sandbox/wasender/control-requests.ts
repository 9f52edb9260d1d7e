import { z } from 'zod'

/** `options` of everything a person does; see `SayOptions`. */
const options = z.object({
  events: z.array(z.string()).optional(),
  addressing: z.enum(['lid', 'pn']).optional(),
  container: z.enum(['object', 'array']).optional(),
  timestamp: z.enum(['s', 'ms', 'string', 'long']).optional(),
  envelope: z.enum(['s', 'ms']).optional(),
  update: z.enum(['flat', 'nested', 'array']).optional(),
  omit: z.array(z.string()).optional(),
  keyId: z.string().optional(),
  at: z.number().optional(),
  session: z.int().optional(),
})

/** Who writes, and where; a phone nobody knows becomes a new person. */
const common = {
  name: z.string().optional(),
  lid: z.string().nullable().optional(),
  group: z.string().optional(),
  options: options.optional(),
}
const withTarget = { ...common, keyId: z.string() }

const place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
})

/** Body of `POST /_sandbox/people/{phone}/messages`. */
export const personRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), ...common }),
  z.object({
    kind: z.enum(['image', 'video', 'gif', 'round-video', 'audio', 'voice', 'document', 'sticker']),
    base64: z.base64(),
    mimetype: z.string(),
    fileName: z.string().optional(),
    caption: z.string().optional(),
    ...common,
  }),
  z.object({ kind: z.literal('location'), location: place, ...common }),
  z.object({
    kind: z.literal('contact'),
    contact: z.object({ name: z.string(), phone: z.string() }),
    ...common,
  }),
  z.object({
    kind: z.literal('poll'),
    poll: z.object({
      question: z.string(),
      options: z.array(z.string()),
      multiSelect: z.boolean().default(false),
    }),
    ...common,
  }),
  z.object({ kind: z.literal('raw'), node: z.record(z.string(), z.unknown()), ...common }),
  z.object({ kind: z.literal('reply'), text: z.string(), ...withTarget }),
  z.object({ kind: z.literal('reaction'), emoji: z.string(), ...withTarget }),
  z.object({ kind: z.literal('edit'), text: z.string(), ...withTarget }),
  z.object({ kind: z.literal('revoke'), ...withTarget }),
  z.object({ kind: z.literal('vote'), choices: z.array(z.string()), ...withTarget }),
  z.object({ kind: z.literal('receipt'), status: z.literal([3, 4, 5]), ...withTarget }),
  z.object({ kind: z.literal('call'), isVideo: z.boolean().default(false), ...common }),
])
export type PersonRequest = z.infer<typeof personRequest>

const scope = {
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().positive().optional(),
}
const fault = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal(['delay', 'scatter', 'delay-after']), ms: z.number(), ...scope }),
  z.object({
    kind: z.literal(['refuse', 'drop-after', 'html', 'bad-json', 'hang']),
    ...scope,
  }),
  z.object({
    kind: z.literal(['fail-after', 'answer']),
    status: z.int(),
    body: z.unknown().optional(),
    ...scope,
  }),
])

const faultSet = z.strictObject({
  api: z.array(fault).optional(),
  webhooks: z
    .object({
      delayMs: z.union([z.number(), z.tuple([z.number(), z.number()])]).optional(),
      duplicate: z.int().min(0).optional(),
      overtake: z.boolean().optional(),
      reorder: z.boolean().optional(),
      reorderWindowMs: z.number().optional(),
      late: z.object({ share: z.number(), ms: z.tuple([z.number(), z.number()]) }).optional(),
      dropRate: z.number().min(0).max(1).optional(),
      variant: options.omit({ events: true, keyId: true, at: true, session: true }).optional(),
    })
    .optional(),
  echo: z
    .object({
      beforeAnswer: z.boolean().optional(),
      after: z.number().optional(),
      never: z.boolean().optional(),
      addressing: z.enum(['pn', 'lid']).optional(),
      ackAfter: z.number().optional(),
      autoRead: z.boolean().optional(),
    })
    .optional(),
})

/** Body of `POST /_sandbox/faults`: one API fault, or a set of everything. */
export const faultsRequest = z.union([
  fault.transform((one): z.infer<typeof faultSet> => ({ api: [one] })),
  faultSet,
])
