/**
 * Writes docs/what-is-reached.md from the rows that `test/reach.test.ts` runs. A test fails when the page is not what
 * this writes.
 *
 * Usage: node scripts/what-is-reached.ts
 */
import { writeFile } from 'node:fs/promises'
import { renderPage } from '../test/reach/page.ts'

await writeFile(new URL('../docs/what-is-reached.md', import.meta.url), renderPage())
