import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { type Demo, startDemo } from '../../src/sandbox/demo/start.ts'

const executablePath = process.env.CHROMIUM_PATH
const SHOTS = join(import.meta.dirname, '../../test-results')
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

if (executablePath === undefined) {
  const why = 'CHROMIUM_PATH is not set, so the page of the demo is not tested.'
  // In CI a test that silently does not run would be worth nothing.
  if (process.env.CI === 'true') throw new Error(why)
  console.warn(why)
}

describe.skipIf(executablePath === undefined)('the page of the demo', () => {
  let demo: Demo
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true })
    demo = await startDemo({ port: 0, log: createLogger({ level: 'error' }) })
    browser = await chromium.launch({ executablePath: String(executablePath), args: ARGS })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(demo.url)) problems.push(`request to ${request.url()}`)
    })
    await page.goto(demo.url)
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  const desk = () => page.getByRole('log', { name: 'Messages in the helpdesk' })
  const chat = () => page.getByRole('log', { name: 'Chat on the phone' })
  const bubble = (log: ReturnType<typeof desk>, text: string) =>
    log.getByRole('listitem').filter({ hasText: text })
  const onPhone = async (text: string) => {
    await page.getByLabel('Message on the phone').fill(text)
    await page.keyboard.press('Enter')
  }
  const shot = (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) })

  it('shows in the helpdesk what is typed on the phone', async () => {
    await onPhone('Is the *red* one <b>there</b>, too?')
    const arrived = bubble(desk(), 'Is the red one <b>there</b>, too?')
    await arrived.waitFor()
    expect(await arrived.locator('strong').allTextContents()).toEqual(['red'])
    expect(await arrived.locator('b').count()).toBe(0)
    await bubble(chat(), 'Is the red one').getByRole('img', { name: 'Delivered' }).waitFor()
  })

  it('shows the reply on the phone and its ticks in the helpdesk', async () => {
    await page.getByLabel('Reply to the customer').fill('Yes, **both** are here.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    const received = bubble(chat(), 'Yes, both are here.')
    await received.waitFor()
    expect(await received.locator('strong').allTextContents()).toEqual(['both'])
    const reply = bubble(desk(), 'Yes, both are here.')
    await reply.getByRole('img', { name: 'Delivered' }).waitFor()
    await reply.getByRole('img', { name: 'Read' }).waitFor()
    await shot('demo-light')
  })

  it('keeps a private note to the helpdesk', async () => {
    await page.getByText('Private note', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Private note' }).fill('A regular, be generous.')
    await page.keyboard.press('Enter')
    await bubble(desk(), 'A regular').getByText('Private note by Ana').waitFor()
    expect(await bubble(chat(), 'A regular').count()).toBe(0)
    await page.getByText('Reply', { exact: true }).click()
  })

  it("mirrors what is typed on the business's own phone", async () => {
    await page.getByText('Business phone', { exact: true }).click()
    await onPhone('I put it aside for you.')
    await bubble(desk(), 'I put it aside').getByText('Typed on the phone').waitFor()
    await page.getByText("Customer's phone", { exact: true }).click()
    await bubble(chat(), 'I put it aside').waitFor()
  })

  it('shows why a reply failed', async () => {
    await page.getByRole('button', { name: 'Refuse the next reply' }).click()
    await expect
      .poll(() => demo.world.wasender.faults.list().length, { message: 'the fault is set' })
      .toBe(1)
    await page.getByLabel('Reply to the customer').fill('Nobody will read this.')
    await page.keyboard.press('Enter')
    const failed = bubble(desk(), 'Nobody will read this.')
    await failed.getByRole('img', { name: 'Failed' }).waitFor()
    await failed.getByText('Not sent').waitFor()
    await failed.getByRole('button', { name: 'Retry' }).waitFor()
  })

  it('counts another conversation as unread until it is opened', async () => {
    const john = page.getByRole('button', { name: /John Example/ })
    await john.getByLabel('1 unread').waitFor()
    await john.click()
    await page.getByRole('heading', { name: 'John Example', level: 3 }).waitFor()
    await john.getByLabel('1 unread').waitFor({ state: 'hidden' })
    expect(await john.getAttribute('aria-current')).toBe('true')
    expect(await page.locator('[aria-current=true]').count()).toBe(1)
    await page.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('button', { name: 'Reopen' }).waitFor()
  })

  it('shows a lost session and scans again', async () => {
    await page.getByRole('button', { name: 'Log out of WhatsApp' }).click()
    await page.getByText('WhatsApp waits for a scan').waitFor()
    await page.getByRole('button', { name: 'Scan the QR code' }).click()
    await page.getByText('WhatsApp is connected').waitFor()
  })

  it('looks right in the dark and on a narrow screen', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot('demo-dark')
    await page.setViewportSize({ width: 390, height: 844 })
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
    expect(widths).toEqual([390, 390])
    await page.screenshot({ path: join(SHOTS, 'demo-narrow.png'), fullPage: true })
  })

  it('makes no error and asks no other host', () => {
    expect(problems).toEqual([])
  })
})
