import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

type Entry = { version?: string; optionalDependencies?: Record<string, string> }

/**
 * npm leaves packages of other platforms out of the lock file when it cannot look them up while it writes it,
 * and then `npm ci` refuses the file: on another machine, not where it was written.
 */
it('package-lock.json has every optional package of every platform', async () => {
  const text = await readFile(new URL('../package-lock.json', import.meta.url), 'utf8')
  const { packages }: { packages: Record<string, Entry> } = JSON.parse(text)
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) =>
        !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
    ),
  )
  expect(missing).toEqual([])
})
