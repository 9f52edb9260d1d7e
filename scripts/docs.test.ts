import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Command } from 'commander'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../src/cli/program.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGES = ['README.md', 'ARCHITECTURE.md', ...(await filesIn('docs', /\.md$/))]
const folders = (await readdir(ROOT, { withFileTypes: true })).filter(
  (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
)
const SOURCES = (
  await Promise.all(folders.map(({ name }) => filesIn(name, /\.(ts|mjs|js|css|html)$/)))
).flat()

const SOURCE_NAMES = new Set(SOURCES.map((path) => basename(path)))

const read = (path: string) => readFile(join(ROOT, path), 'utf8')
const headings = new Map<string, Promise<string[]>>()
const { scripts }: { scripts: Record<string, string> } = JSON.parse(await read('package.json'))
const { stdout, stderr } = process
const program = createProgram({ env: {}, stdout, stderr, color: false })

describe.each(PAGES)('%s', (page) => {
  it('links to files and headings that exist', async () => {
    const problems = linksIn(await read(page)).map((link) => problemWith(page, link))
    expect((await Promise.all(problems)).filter((problem) => problem !== undefined)).toEqual([])
  })

  it('cites no section by number', async () => {
    expect(numberedIn(await read(page))).toEqual([])
  })

  it('names scripts of package.json only', async () => {
    const named = [...(await read(page)).matchAll(/npm run (?:--silent )?([a-z:]+)/g)]
    expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([])
  })

  it('names registered commands only', async () => {
    const named = commandsIn(await read(page))
    expect(named.filter((words) => !isRegistered(words)).map((words) => words.join(' '))).toEqual(
      [],
    )
  })
})

describe.each(['ARCHITECTURE.md', 'docs/guarantees.md'])('%s', (page) => {
  it('names files and folders that exist', async () => {
    const gone = pathsIn(await read(page)).filter(
      (path) =>
        !['', 'src'].some((top) =>
          ['', '.ts'].some((end) => existsSync(join(ROOT, top, path + end))),
        ),
    )
    expect(gone).toEqual([])
  })
})

it('comments cite documents and sections that are here', async () => {
  const problems = SOURCES.map(async (source) => {
    const wrong = await wrongCitations(await read(source))
    return wrong.map((problem) => `${source}: ${problem}`)
  })
  expect((await Promise.all(problems)).flat()).toEqual([])
  expect(SOURCES.length).toBeGreaterThan(100)
})

it.each([
  ['/** (docs/install.md#reverse-proxy) */', 0],
  ['/* (docs/install.md#none) */', 1],
  ['/** (`bridge.ts`) */', 0],
  ['/** (`gone.ts`, `kernel/gone.ts`) */', 2],
  ['const a = 1\t// docs/install.md#none', 1],
  ['/**\n * (docs/install.md#reverse-proxy,\n * #none) */', 1],
  ['// (docs/install.md#reverse-proxy,\n// #none, #less)', 2],
  ['/** (none.md) */', 1],
  ['/** (none.md, section 4) */', 2],
  ['// as promised (P1)', 1],
  ['/** (RFC 4291, section 2.5) */', 0],
  ["const file = 'none.md'", 0],
])('sees what is wrong with the citations of %j', async (source, count) => {
  expect(await wrongCitations(source)).toHaveLength(count)
})

it('sees links and commands at all', async () => {
  const install = await read('docs/install.md')
  expect(linksIn(install)).toContain('#reverse-proxy')
  expect(commandsIn(install)).toContainEqual(['sessions', 'qr'])
  expect([isRegistered(['sessions', 'qr']), isRegistered(['check'])]).toEqual([true, true])
  expect([isRegistered(['sesions']), isRegistered(['sessions', 'qrr'])]).toEqual([false, false])
  expect(await problemWith('README.md', 'docs/none.md')).toBeDefined()
  expect(await problemWith('README.md', 'docs/install.md#none')).toBeDefined()
})

async function filesIn(folder: string, wanted: RegExp): Promise<string[]> {
  const found = await readdir(join(ROOT, folder), { recursive: true })
  return found.filter((name) => wanted.test(name)).map((name) => join(folder, name))
}

/**
 * Pages are cited by their path from the root, several sections as `docs/guarantees.md#what-is-promised,
 * #how-it-is-tested`. A section or promise by number belongs to a document that readers have to guess; only RFCs are
 * cited so.
 */
async function wrongCitations(source: string): Promise<string[]> {
  const comments = commentsIn(source)
  const cited = [...comments.matchAll(/([\w./-]+\.md)((?:(?:, )?#[\w-]+)*)/g)].flatMap(
    ([, path = '', anchors = '']) =>
      anchors === '' ? [path] : anchors.split(', ').map((anchor) => `${path}${anchor}`),
  )
  const problems = await Promise.all(cited.map((link) => problemWith('README.md', link)))
  return [
    ...problems.filter((problem) => problem !== undefined),
    ...numberedIn(comments),
    ...goneIn(comments),
  ]
}

/** Source files that are named in code spans and exist no more. */
function goneIn(comments: string): string[] {
  const named = [...comments.matchAll(/`(?:[\w-]+\/)*([\w.-]+\.(?:ts|mjs))`/g)]
  return named.map(([, name = '']) => name).filter((name) => !SOURCE_NAMES.has(name))
}

function numberedIn(text: string): string[] {
  const numbered = [...text.matchAll(/(?<!RFC \d+, )\bsections? \d[\d.]*|\bP\d\b/gi)]
  return numbered.map(([words]) => `${words}: of which document?`)
}

/** The text of all comments, each without its line breaks. */
function commentsIn(source: string): string {
  const joined = source.replaceAll(/\n\s*(?:\*(?!\/)|(?<=\/\/[^\n]*\n\s*)\/\/) ?/g, ' ')
  return (joined.match(/(?<=^|\s)(?:\/\*[\s\S]*?\*\/|\/\/.*)/g) ?? []).join('\n')
}

/** Targets of links and pictures that lead to no other host. */
function linksIn(markdown: string): string[] {
  const urls: string[] = []
  visit(fromMarkdown(markdown), (node) => {
    if ('url' in node && typeof node.url === 'string') urls.push(node.url)
  })
  return urls.filter((url) => !/^[a-z]+:/.test(url))
}

async function problemWith(page: string, link: string): Promise<string | undefined> {
  const [path = '', anchor] = decodeURI(link).split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, file))) return `${link}: there is no ${file}`
  if (anchor === undefined || (await headingsOf(file)).includes(anchor)) return undefined
  return `${link}: ${file} has no heading "${anchor}"`
}

function headingsOf(file: string): Promise<string[]> {
  const known = headings.get(file) ?? read(file).then(headingsIn)
  headings.set(file, known)
  return known
}

/** The anchors of a page, spelled as GitHub spells them. */
function headingsIn(markdown: string): string[] {
  const anchors: string[] = []
  visit(fromMarkdown(markdown), (node) => {
    if (node.type === 'heading') anchors.push(anchorOf(textOf(node)))
  })
  return anchors
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

type Node = { type: string; value?: string; children?: readonly Node[] }

function visit(node: Node, look: (node: Node) => void): void {
  look(node)
  for (const child of node.children ?? []) visit(child, look)
}

function textOf({ value, children = [] }: Node): string {
  return value ?? children.map(textOf).join('')
}

/** The words behind the program's name, however it is called, up to the first that can be no command. */
function commandsIn(markdown: string): string[][] {
  const calls =
    /(?:wasender-chatwoot|npm run (?:--silent )?cli --|src\/cli\/main\.ts|\bcli)((?: [a-z-]+)+)/g
  const code: string[] = []
  visit(fromMarkdown(markdown), (node) => {
    if (node.type === 'code' || node.type === 'inlineCode') code.push(node.value ?? '')
  })
  const found = code.flatMap((text) => [...text.matchAll(calls)])
  return found
    .map(([, words = '']) => words.trim().split(' '))
    .map((words) => words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0))
    .filter((words) => words.length > 0)
}

/** Arguments may follow a command that has none below it. */
function isRegistered(words: readonly string[], command: Command = program): boolean {
  const [word, ...rest] = words
  if (command.commands.length === 0 || word === undefined) return true
  const next = command.commands.find((each) => each.name() === word)
  return next !== undefined && isRegistered(rest, next)
}

/** Paths in code spans, but for those of an operator's data, and those that begin a line of a block of code. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([a-z][\w-]*(?:\/[\w.-]+)+)\/?`/g)]
  const lines = [...text.matchAll(/^ +((?:[a-z-]+\/)+[a-z-]+)/gm)]
  return [...spans, ...lines]
    .map(([, path = '']) => path)
    .filter((path) => !path.startsWith('data/'))
}
