import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  type ToStringOptions,
  visit,
} from 'yaml'
import type { Environment } from '../../../config/environment.ts'
import { formatPath, type KeyPath } from '../../../config/problems.ts'
import { withoutEnd } from '../../../kernel/without-end.ts'
import { referenceTo, referredBy } from './variables.ts'

/** A value the configuration has to have; `variable` is where a secret goes instead of the file. */
export type Wanted = { at: KeyPath; value: string | number; variable?: string }

export type EditedConfig = {
  /** The very text that was given when nothing differs. */
  text: string
  /** Keys that were written, e.g. `accounts[0].chatwoot.inboxId`. */
  changed: string[]
  /** What the env file has to hold now. */
  variables: Record<string, string>
}

type Edit = {
  document: Document
  environment: Environment
  changed: string[]
  variables: Record<string, string>
}

/**
 * Puts values into the text of a configuration and keeps its comments, its order and everything it is not asked
 * about. Paths below `accounts[id]` are found by the account's id; an unknown account is added at the end.
 */
export function editConfig(options: {
  text: string | undefined
  /** With which variables are put in when values are compared. */
  environment: Environment
  account: string
  top: readonly Wanted[]
  ofAccount: readonly Wanted[]
}): EditedConfig {
  const { text, environment, account, top, ofAccount } = options
  const document = text === undefined ? newDocument() : parseDocument(text)
  const edit: Edit = { document, environment, changed: [], variables: {} }
  for (const wanted of top) put(edit, wanted)
  const base = ['accounts', indexOf(document, account)]
  for (const wanted of [{ at: ['id'], value: account }, ...ofAccount]) {
    put(edit, { ...wanted, at: [...base, ...wanted.at] })
  }
  const { changed, variables } = edit
  if (text === undefined) spaceOut(document)
  const unchanged = text !== undefined && changed.length === 0
  return { text: unchanged ? text : document.toString(outputStyle(text)), changed, variables }
}

/** Writes one value where it is not there already. A secret that is only to change changes its variable. */
function put(edit: Edit, { at, value, variable }: Wanted): void {
  const { document, environment, changed, variables } = edit
  const current = document.getIn(at)
  if (isSame(current, value, { ...environment, ...variables })) return
  if (variable === undefined) {
    setAt(document, at, value)
    changed.push(formatPath(at))
    return
  }
  const known = referredBy(current)
  const name = known !== undefined && countOf(document, known) === 1 ? known : variable
  variables[name] = String(value)
  if (name === known) return
  setAt(document, at, referenceTo(name))
  changed.push(formatPath(at))
}

/** Missing lists and groups are made on the way. */
function setAt(document: Document, at: KeyPath, value: string | number): void {
  const existing = document.getIn(at, true)
  // Keeps the comment behind the value.
  if (isScalar(existing)) existing.value = value
  else document.setIn(at, value)
}

function isSame(current: unknown, value: string | number, environment: Environment): boolean {
  const variable = referredBy(current)
  const actual = variable === undefined ? current : environment[variable]
  return actual !== undefined && actual !== null && normal(actual) === normal(value)
}

/** A slash at the end of an address says nothing. */
const normal = (value: unknown) => withoutEnd(String(value).trim(), '/')

/** How many values take a variable: one that others take too must not be changed for one's sake. */
function countOf(document: Document, variable: string): number {
  let count = 0
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && node.value.includes(referenceTo(variable))) count += 1
    },
  })
  return count
}

function indexOf(document: Document, account: string): number {
  const accounts = document.get('accounts')
  if (!isSeq(accounts)) return 0
  const index = accounts.items.findIndex((_, at) => accounts.getIn([at, 'id']) === account)
  return index === -1 ? accounts.items.length : index
}

const HEADER = ` yaml-language-server: $schema=./bridge.schema.json

 Written by "wasender-chatwoot setup", which may be run again at any time. Every other key that can stand here is
 explained in bridge.example.yaml. The secrets are in the file .env beside this one.`

/** A configuration with nothing in it but what to know about it. */
function newDocument(): Document {
  const document = new Document()
  document.commentBefore = HEADER
  return document
}

/** An empty line before every group but the first. */
function spaceOut({ contents }: Document): void {
  if (!isMap(contents)) return
  for (const group of contents.items.slice(1)) {
    const key = new Scalar(String(group.key))
    key.spaceBefore = true
    group.key = key
  }
}

/** Writes a document back the way its text looked. Long lines stay whole. */
function outputStyle(text: string | undefined): ToStringOptions {
  return { lineWidth: 0, indentSeq: !/^accounts:[ \t]*(#.*)?\n-/m.test(text ?? '') }
}
