import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'

/**
 * The floors of `src`, the top one first. A file imports only from its own floor and those below it, types included
 * (ARCHITECTURE.md). The files that put everything together stand above the folders.
 */
export const FLOORS = [
  'cli',
  'main.ts',
  'bridge.ts',
  'lifecycle.ts',
  'tools',
  'web',
  'operators',
  'bridge',
  'queue',
  'people',
  'accounts',
  'state',
  'content',
  'config',
  'platforms',
  'kernel',
] as const

/** Beside `src`; only the command that shows the demo may load it. */
const DEMO_DOOR = 'cli/demo.ts'

/** Each file below `src` with what it imports, both as paths relative to `src`. */
export type Imports = ReadonlyMap<string, readonly string[]>

const IMPORT = /(?:\bfrom|\bimport\(|^import)\s*'(\.[^']+)'/gm

/** Imports of a source text that name a file of the project, types included. */
export function importsIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, path = '']) => path)
}

/** What breaks the order of the floors: unknown folders, imports from above or from beside, and circles of files. */
export function problemsIn(imports: Imports): string[] {
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets.flatMap((target) => problemWith(file, target) ?? []),
  )
  return [...wrong, ...circlesIn(imports).map((files) => `in a circle: ${files.join(', ')}`)]
}

function problemWith(file: string, target: string): string | undefined {
  if (target.startsWith('..')) {
    return file === DEMO_DOOR ? undefined : `${file} imports ${target}, which is outside of src`
  }
  const [from, to] = [file, target].map((path) =>
    FLOORS.findIndex((floor) => floor === path.split('/')[0]),
  )
  if (from === -1) return `${file} is on no floor`
  if (to === undefined || from === undefined || to === -1) return `${target} is on no floor`
  return to < from ? `${file} imports from above: ${target}` : undefined
}

/** Files that import each other around a circle, each circle once (Tarjan's strongly connected components). */
export function circlesIn(imports: Imports): string[][] {
  const circles: string[][] = []
  const numbers = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []

  /** The lowest number on the path that can be reached through this file. */
  function reach(file: string): number {
    const known = numbers.get(file)
    if (known === undefined) return visit(file)
    return path.includes(file) ? known : Number.POSITIVE_INFINITY
  }

  function visit(file: string): number {
    const number = numbers.size
    numbers.set(file, number)
    lowest.set(file, number)
    path.push(file)
    for (const target of imports.get(file) ?? []) {
      if (imports.has(target)) lowest.set(file, Math.min(lowest.get(file) ?? number, reach(target)))
    }
    if (lowest.get(file) === number) {
      const circle = path.splice(path.indexOf(file))
      if (circle.length > 1) circles.push(circle.sort())
    }
    return lowest.get(file) ?? number
  }

  for (const file of imports.keys()) if (!numbers.has(file)) visit(file)
  return circles
}

/** Reads all files below `src` that are not tests. */
export async function readImports(src: string): Promise<Imports> {
  const names = await readdir(src, { recursive: true })
  const files = names.filter(
    (name) =>
      name.endsWith('.ts') && !/\.test\.ts$|(?:^|\/)(?:testing|fixtures)(?:\/|\.ts$)/.test(name),
  )
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(src, file), 'utf8')
        const targets = importsIn(text).map((path) => relative(src, resolve(src, file, '..', path)))
        return [file, targets] as const
      }),
    ),
  )
}

if (import.meta.main) {
  const imports = await readImports(join(import.meta.dirname, '../../src'))
  const problems = problemsIn(imports)
  for (const problem of problems) console.error(problem)
  console.log(`Floors: ${imports.size} files, ${problems.length} problems.`)
  if (problems.length > 0) process.exitCode = 1
}
