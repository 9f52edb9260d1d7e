import { Document, isMap, Scalar, type ToStringOptions } from 'yaml'

const HEADER = ` yaml-language-server: $schema=./bridge.schema.json

 Written by "wasender-chatwoot setup", which may be run again at any time. Every other key that can stand here is
 explained in bridge.example.yaml. The secrets are in the file .env beside this one.`

/** A configuration with nothing in it but what to know about it. */
export function newDocument(): Document {
  const document = new Document()
  document.commentBefore = HEADER
  return document
}

/** An empty line before every group but the first. */
export function spaceOut({ contents }: Document): void {
  if (!isMap(contents)) return
  for (const group of contents.items.slice(1)) {
    const key = new Scalar(String(group.key))
    key.spaceBefore = true
    group.key = key
  }
}

/** Writes a document back the way its text looked. Long lines stay whole. */
export function outputStyle(text: string | undefined): ToStringOptions {
  return { lineWidth: 0, indentSeq: !/^accounts:[ \t]*(#.*)?\n-/m.test(text ?? '') }
}
