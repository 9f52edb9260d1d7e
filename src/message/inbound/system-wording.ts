import type { Texts } from '../../locale/index.ts'
import type { Content, SystemWhat } from '../canonical.ts'
import { toMarkdown } from '../format/to-markdown.ts'
import { linesOf, plain } from './inline.ts'
import { labelOf, type NameOf } from './names.ts'

type SystemLine = Extract<Content, { kind: 'system' }>
type Label = (name: string, nameOf: NameOf, texts: Texts) => string

const asTitle: Label = (name) => plain(name)
const asSetting: Label = (name, _nameOf, { inbound }) =>
  inbound.system.settings[name] ?? plain(name)

/** What the names of a line are, where they are not people. */
const LABELS: Readonly<Partial<Record<SystemWhat, Label>>> = {
  'group-created': asTitle,
  'group-subject': asTitle,
  'group-settings': asSetting,
  'member-label': asTitle,
}

/** A line about what happened to a group or a person. */
export function systemWords(line: SystemLine, texts: Texts, nameOf: NameOf): string {
  const label = LABELS[line.what] ?? labelOf
  const names = line.names
    .map((name) => label(name, nameOf, texts))
    .join(line.what === 'group-settings' ? ' ' : ', ')
  const words = texts.inbound.system.lines[line.what](names)
  return linesOf(words, line.text === undefined ? undefined : toMarkdown(line.text))
}
