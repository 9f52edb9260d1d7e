import { z } from 'zod'
import { SAMPLE_NAMES, SAMPLES, type Sample } from './samples/samples.ts'
import type { DemoStage } from './stage.ts'

/** Something a visitor does on the page. Throws a ZodError when the body of the request is not as expected. */
export type Action = (stage: DemoStage, id: string, body: unknown) => unknown

/** By the path below `/api/`; `:id` is a chat, a conversation or a message. */
export type Actions = Readonly<Record<string, Action>>

/** An action whose body has to fit a schema. */
export function action<T extends z.ZodType>(
  schema: T,
  run: (stage: DemoStage, id: string, body: z.output<T>) => unknown,
): Action {
  return (stage, id, body) => run(stage, id, schema.parse(body))
}

export const someText = z.string().trim().min(1).max(20_000)

/** A file of the visitor's or one of the samples. */
export const someFile = z.union([
  z.object({ sample: z.enum(SAMPLE_NAMES) }).transform(({ sample }): Sample => SAMPLES[sample]),
  z
    .object({ fileName: someText, mimetype: z.string().max(200), base64: z.base64() })
    .transform(({ base64, fileName, mimetype }): Sample => {
      const bytes = Buffer.from(base64, 'base64')
      return { fileName, mimetype: mimetype || 'application/octet-stream', bytes }
    }),
])
