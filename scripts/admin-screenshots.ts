import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { ADMIN_TOKEN, type AdminStage, startAdminStage } from '../test/support/admin-stage.ts'
import { launchChromium } from '../test/support/chromium.ts'

/**
 * Takes the pictures of the admin pages: `CHROMIUM_PATH=… node scripts/admin-screenshots.ts [folder]`. Six hours of
 * traffic pass in moments: the clock of this process, which is that of the bridge and both stand-ins, jumps ahead.
 */

/** For the documentation only the overview is shown in every look. */
const isForDocs = process.argv[2] === undefined
const FOLDER = process.argv[2] ?? join(import.meta.dirname, '../docs/images')
const STEP_MS = 5 * 60_000
const STEPS = 66
const LOOKS = [
  { name: '', colorScheme: 'light', width: 1280, height: 900 },
  { name: '-dark', colorScheme: 'dark', width: 1280, height: 900 },
  { name: '-phone', colorScheme: 'light', width: 390, height: 844 },
] as const

const realNow = Date.now
let behindMs = STEPS * STEP_MS
Date.now = () => realNow() - behindMs

await mkdir(FOLDER, { recursive: true })
const stage = await startAdminStage()
const browser = await launchChromium(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium')
try {
  const message = await letTimePass(stage)
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${stage.url}/admin`)
  if (!isForDocs) await shootAll(page, 'sign-in', '/sign-in')
  await page.getByLabel('Admin token').fill(ADMIN_TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await shootAll(page, 'overview', '')
  await shootAll(page, 'account', '/accounts/berlin')
  await shootAll(page, 'failures', '/failures')
  await shootAll(page, 'message', `/messages?id=${message}`)
  if (!isForDocs) await shootAll(page, 'queues', '/queues')
} finally {
  await browser.close()
  await stage.close()
}

/** Busy and quiet five minutes, a few failures, and at the end one account that waits for its scan. */
async function letTimePass({ says, replies, fails, wasender, sessionOf }: AdminStage) {
  let last = 0
  for (let step = 0; step < STEPS; step += 1) {
    behindMs -= STEP_MS
    const wave = 1.6 + 1.6 * Math.sin(step / 9)
    for (const [index, account] of (['sales', 'support', 'berlin'] as const).entries()) {
      const count = Math.round((wave * ((step * (7 + index)) % 5)) / (2 + index))
      for (let each = 0; each < count; each += 1) {
        const conversation = await says(account, `Message ${step}.${each}`)
        if ((step + each) % 4 !== 0) last = await replies(conversation, `Answer ${step}.${each}`)
        if (step % 31 === 12 && each === 0) await fails(conversation, 'Refused')
      }
    }
  }
  await wasender.setStatus(sessionOf('berlin'), 'need_scan')
  return last
}

async function shootAll(page: Page, name: string, path: string): Promise<void> {
  const looks = isForDocs && name !== 'overview' ? LOOKS.slice(0, 1) : LOOKS
  for (const { name: look, colorScheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height })
    await page.goto(`${stage.url}/admin${path}`)
    if (path === '/queues') await page.getByText('lanes-out').first().waitFor()
    else if (path !== '/sign-in') await page.getByText('Live', { exact: true }).waitFor()
    await page.screenshot({ path: join(FOLDER, `admin-${name}${look}.png`), fullPage: true })
  }
}
