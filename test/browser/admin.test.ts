import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, type AdminStage, startAdminStage } from '../support/admin-stage.ts'
import { launchChromium, problemsOf, seriousFindings } from '../support/chromium.ts'

/** By how much the page is wider than its window. */
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

const executablePath = process.env.CHROMIUM_PATH

if (executablePath === undefined && process.env.CI === 'true') {
  throw new Error('CHROMIUM_PATH is not set, so the admin pages are not tested.')
}

describe.skipIf(executablePath === undefined)('the admin pages', () => {
  let stage: AdminStage
  let browser: Browser
  let page: Page
  let problems: string[] = []
  let failedReply = 0

  beforeAll(async () => {
    stage = await startAdminStage()
    browser = await launchChromium(String(executablePath))
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
    page = await context.newPage()
    problems = problemsOf(page, stage.url)
    const conversation = await stage.says('sales', 'Hello')
    await stage.replies(conversation, 'Hello Maria')
    failedReply = await stage.fails(conversation, 'Nobody reads this at first')
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  const open = (path: string) => page.goto(`${stage.url}/admin${path}`)
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const heading = (name: string | RegExp) => page.getByRole('heading', { name })
  const isLive = () => page.getByText('Live', { exact: true }).waitFor()
  const signIn = async (token: string) => {
    await page.getByLabel('Admin token').fill(token)
    await button('Sign in').click()
  }

  /** Light and dark, wide and narrow: nothing sticks out, and axe finds nothing serious. */
  const inEveryLook = async (paths: string[]) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        for (const path of paths) {
          await open(path)
          const where = `${path} ${colorScheme} ${width}`
          expect(await seriousFindings(page), where).toEqual([])
          expect(await page.evaluate(OVERFLOW), where).toBe(0)
        }
      }
    }
  }

  it('asks who wants to see a page, and shows it afterwards', async () => {
    await open('/failures?account=sales')
    await signIn('not the token')
    await page.getByRole('alert').filter({ hasText: 'not the admin token' }).waitFor()
    // The browser tells of the answer 401.
    problems.length = 0
    await signIn(ADMIN_TOKEN)
    await heading('Failures').waitFor()
    expect(new URL(page.url()).search).toBe('?account=sales')
  })

  it('says how all is, and what to do', async () => {
    await open('')
    await heading('All 3 accounts work, with something to look at.').waitFor()
    await page.getByRole('link', { name: '1 message of sales failed.' }).waitFor()
    await page.getByRole('img', { name: /^sales, last 6 hours: 1 in, 1 out, 1 failed$/ }).waitFor()
  })

  it('shows what moves while somebody looks', async () => {
    await isLive()
    await stage.says('berlin', 'Guten Tag')
    await page.getByRole('img', { name: /^berlin, last 6 hours: 1 in/ }).waitFor()
  })

  it('shows a QR code, renews it, and shows the connection once it is scanned', async () => {
    const id = stage.sessionOf('support')
    await stage.wasender.setStatus(id, 'logged_out')
    await open('/accounts/support')
    await page.getByText('Logged out', { exact: true }).waitFor()
    await button('Connect').click()
    const code = page.getByRole('img', { name: 'QR code to scan with WhatsApp' })
    await code.waitFor()
    await isLive()
    const shown = await code.innerHTML()
    const session = stage.wasender.session(id)
    await stage.wasender.emit(id, 'qrcode.updated', { qr: `2@renewed,${session.lid}` })
    await expect.poll(() => code.innerHTML()).not.toBe(shown)
    await stage.wasender.scan(id)
    await page.getByText('Connected to WhatsApp').waitFor()
    await code.waitFor({ state: 'detached' })
  })

  it('asks before it disconnects, and keeps the question open while the page changes', async () => {
    await button('Disconnect').click()
    const question = page.getByRole('dialog', { name: 'Disconnect from WhatsApp?' })
    await question.waitFor()
    await stage.says('support', 'Is anybody there?')
    await page.getByRole('img', { name: /^support, last 6 hours: 1 in/ }).waitFor()
    expect(await question.isVisible()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    await question.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('It is disconnected.').waitFor()
    await page.getByText('Disconnected', { exact: true }).waitFor()
    await button('Connect').click()
    await page.getByText('Connected', { exact: true }).waitFor()
  })

  it('retries a failure', async () => {
    await open('/failures')
    await button(/^Retry message/).click()
    await page.getByText('It is tried again.').waitFor()
    await page.getByText('No failures.').waitFor()
    await stage.chatwoot.waitFor(() =>
      stage.chatwoot
        .allMessages()
        .some(({ id, status }) => id === failedReply && ['delivered', 'read'].includes(status)),
    )
  })

  it('tells the story of a message, and never what it says', async () => {
    await open('/messages')
    await page.getByLabel('Message id').fill(String(failedReply))
    await button('Find').click()
    await heading('Found by Chatwoot’s message id').waitFor()
    const story = page.getByRole('article')
    await story
      .getByText(/^(delivered|read)$/)
      .first()
      .waitFor()
    expect(await page.content()).not.toMatch(/Nobody reads this|12025550100/)
  })

  it('shows what waits, and for what, while somebody looks', async () => {
    await open('/queues')
    await page.getByText('Nothing waits').waitFor()
    await isLive()
    const conversation = await stage.says('support', 'Are you open?')
    await stage.wasender.setStatus(stage.sessionOf('support'), 'disconnected')
    await stage.chatwoot.agent().reply(conversation, 'Until six')
    await page.getByText('the WhatsApp session').first().waitFor()
    await page.getByText('number …0101').waitFor()
    expect(await page.content()).not.toMatch(/Until six|2025550101/)
    await page.getByRole('link', { name: '1 of support, To WhatsApp' }).click()
    await page.getByText('Lanes 1 to 1').waitFor()
    expect(problems).toEqual([])
  })

  it('is fit for everybody, in light and dark and on a phone', async () => {
    await stage.fails(await stage.says('sales', 'Again'), 'Refused')
    await stage.wasender.setStatus(stage.sessionOf('berlin'), 'need_scan')
    await open('/failures')
    const failure = await page.getByRole('link', { name: /^message, / }).getAttribute('href')
    const detail = String(failure).replace('/admin', '')
    const paths = [
      '',
      '/accounts/berlin',
      '/failures',
      detail,
      '/queues',
      `/messages?id=${failedReply}`,
    ]
    await inEveryLook(paths)
    expect(problems).toEqual([])
  })

  it('signs out, and slows down who guesses', async () => {
    await page.setViewportSize({ width: 1280, height: 860 })
    const other = await page.context().newPage()
    await other.goto(`${stage.url}/admin`)
    await open('')
    await button('Sign out').click()
    await button('Sign in').waitFor()
    await other.getByRole('button', { name: 'Sign in' }).waitFor()
    await other.close()
    await inEveryLook(['/sign-in'])
    for (let guess = 0; guess < 10; guess += 1) await signIn(`guess ${guess}`)
    await signIn('guess 10')
    await page.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor()
    // Others' guesses never keep out whoever has the token.
    await signIn(ADMIN_TOKEN)
    await button('Sign out').waitFor()
  })
})
