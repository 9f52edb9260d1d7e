/**
 * Writes docs/what-is-carried.md from the capability table. A test fails when the page is not what this writes.
 *
 * Usage: node scripts/what-is-carried.ts
 */
import { writeFile } from 'node:fs/promises'
import { renderPage } from '../src/content/message/capabilities/page.ts'
import { capabilities } from '../src/content/message/capabilities.ts'

await writeFile(new URL('../docs/what-is-carried.md', import.meta.url), renderPage(capabilities))
