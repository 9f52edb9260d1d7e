import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startDemo } from '../sandbox/demo/start.ts'
import { createLogger } from '../src/kernel/log.ts'

/** Takes the pictures of the README from the running demo: `CHROMIUM_PATH=… node scripts/screenshots.ts`. */

const IMAGES = join(import.meta.dirname, '../docs/images')
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const CUSTOMER = '+12025550101'
const DIALOGUE = [
  'Hello Maria, yes it is! We are open until *six*.',
  'Shall I **reserve** it for you until then?',
]

await mkdir(IMAGES, { recursive: true })
const demo = await startDemo({ port: 0, log: createLogger({ level: 'silent' }) })
const { wasender, chatwoot } = demo.world
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ARGS,
})
try {
  const contact = chatwoot.contacts().find(({ phoneNumber }) => phoneNumber === CUSTOMER)
  const conversation = chatwoot.conversations().find(({ contactId }) => contactId === contact?.id)
    ?.id as number
  const page = await browser.newPage({
    viewport: { width: 1280, height: 760 },
    reducedMotion: 'reduce',
  })
  await page.goto(demo.url)
  for (const text of DIALOGUE) {
    const reply = await chatwoot.agent().reply(conversation, text)
    await chatwoot.waitFor(
      () =>
        ['delivered', 'read'].includes(
          chatwoot.messages(conversation).find(({ id }) => id === reply.id)?.status ?? '',
        ),
      { timeoutMs: 10_000 },
    )
  }
  await wasender.person({ phone: CUSTOMER }).sendText('That would be _wonderful_, thank you!')
  await page.getByText('wonderful').nth(1).waitFor()
  await page.screenshot({ path: join(IMAGES, 'demo.png') })
} finally {
  await browser.close()
  await demo.stop()
}
