import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../src/cli/program.ts'

const ROOT = join(import.meta.dirname, '..')
const guides = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'))
const PAGES = ['README.md', 'ARCHITECTURE.md', ...guides.map((name) => `docs/${name}`)]

const read = (path: string) => readFile(join(ROOT, path), 'utf8')
const { scripts }: { scripts: Record<string, string> } = JSON.parse(await read('package.json'))
const { stdout, stderr } = process
const program = createProgram({ env: {}, stdout, stderr, color: false })

describe.each(PAGES)('%s', (page) => {
  it('links to files and headings that exist', async () => {
    const problems = linksIn(await read(page)).map((link) => problemWith(page, link))
    expect((await Promise.all(problems)).filter((problem) => problem !== undefined)).toEqual([])
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

it('sees links and commands at all', async () => {
  const install = await read('docs/install.md')
  expect(linksIn(install)).toContain('#reverse-proxy')
  expect(commandsIn(install)).toContainEqual(['sessions', 'qr'])
  expect([isRegistered(['sessions', 'qr']), isRegistered(['check'])]).toEqual([true, true])
  expect([isRegistered(['sesions']), isRegistered(['sessions', 'qrr'])]).toEqual([false, false])
  expect(await problemWith('README.md', 'docs/none.md')).toBeDefined()
  expect(await problemWith('README.md', 'docs/install.md#none')).toBeDefined()
})

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
  if (anchor === undefined || headingsIn(await read(file)).includes(anchor)) return undefined
  return `${link}: ${file} has no heading "${anchor}"`
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
