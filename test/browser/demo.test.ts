import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KINDS } from '../../sandbox/demo/kinds/kinds.ts'
import { type Demo, startDemo } from '../../sandbox/demo/start.ts'
import { createLogger } from '../../src/kernel/log.ts'
import { seriousFindings } from '../support/chromium.ts'

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
    // Nothing is caught half faded in.
    const looks = { viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' } as const
    page = await browser.newPage(looks)
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
  const bubbles = (log: Locator) => log.locator('.bubble')
  const bubble = (log: Locator, text: string) => bubbles(log).filter({ hasText: text })
  const reply = () => page.getByLabel('Reply to the customer')
  const onPhone = async (text: string) => {
    await page.getByLabel('Message on the phone').fill(text)
    await page.keyboard.press('Enter')
  }
  /** Chooses from the menu of a button. */
  const choose = async (button: Locator, entry: string | RegExp) => {
    await button.click()
    await page.getByRole('menuitem', { name: entry }).click()
  }
  const attachOnPhone = (entry: string) =>
    choose(page.getByRole('button', { name: 'Attach on the phone' }), entry)
  const attachReply = (entry: string) =>
    choose(page.getByRole('button', { name: 'Attach', exact: true }), entry)
  const actOn = async (message: Locator, entry: string | RegExp) => {
    await message.hover()
    await choose(message.getByRole('button', { name: 'Actions for this message' }), entry)
  }
  const property = (element: Locator, name: string) =>
    element.evaluate((found, key) => Number(Reflect.get(found, key)), name)
  const isDrawn = (image: Locator) =>
    expect.poll(() => property(image, 'naturalWidth')).toBeGreaterThan(0)
  const isFocused = async (element: Locator) =>
    (await element.and(page.locator(':focus')).count()) === 1
  /** Opens a link, which gets a tab of its own. */
  const follow = async (name: string) => {
    const tab = page.context().waitForEvent('page')
    await page.getByRole('link', { name, exact: true }).click()
    return tab
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

  it('shows that the agent is typing', async () => {
    await reply().pressSequentially('Ye')
    await page.locator('#phone-about').filter({ hasText: 'typing' }).waitFor()
    await reply().fill('')
  })

  it('shows the reply on the phone and its ticks in the helpdesk', async () => {
    await reply().fill('Yes, **both** are here.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    const received = bubble(chat(), 'Yes, both are here.')
    await received.waitFor()
    expect(await received.locator('strong').allTextContents()).toEqual(['both'])
    const sent = bubble(desk(), 'Yes, both are here.')
    await sent.getByRole('img', { name: 'Delivered' }).waitFor()
    await sent.getByRole('img', { name: 'Read' }).waitFor()
  })

  it('shows a photo of the phone in the helpdesk', async () => {
    await attachOnPhone('Photo')
    const image = bubbles(desk())
      .last()
      .getByRole('img', { name: /\.png$/ })
    await image.waitFor()
    await isDrawn(image)
    await isDrawn(bubbles(chat()).last().getByRole('img', { name: 'image' }))
  })

  it('plays a voice note of the phone in the helpdesk', async () => {
    await attachOnPhone('Voice note')
    const player = bubbles(desk()).last().locator('audio')
    await player.waitFor()
    await expect.poll(() => property(player, 'duration')).toBeGreaterThan(1)
  })

  it('shows a place, a contact and a sticker of the phone in the helpdesk', async () => {
    await attachOnPhone('Location …')
    await page.getByRole('dialog').getByLabel('Name').fill('Bike path')
    await page.keyboard.press('Enter')
    await bubble(chat(), 'Bike path').getByRole('link', { name: 'Open the map' }).waitFor()
    await bubble(desk(), 'Bike path').getByRole('link').waitFor()
    await attachOnPhone('Contact …')
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await bubble(desk(), '12025550102').getByRole('link', { name: /\.vcf/ }).waitFor()
    await attachOnPhone('Sticker')
    await isDrawn(
      bubbles(desk())
        .last()
        .getByRole('img', { name: /\.webp$/ }),
    )
  })

  it('sends every other kind of message from a menu with headings', async () => {
    const attach = page.getByRole('button', { name: 'Attach on the phone' })
    await choose(attach, 'More kinds …')
    await page.getByRole('group', { name: 'Shopping and paying' }).waitFor()
    expect(await page.getByRole('group').getByRole('menuitem').allTextContents()).toEqual(
      KINDS.map(({ label }) => label),
    )
    await shot('demo-kinds')
    await page.keyboard.press('ArrowDown')
    const second = page.getByRole('menuitem', { name: 'Picture with buttons' })
    expect(await isFocused(second)).toBe(true)
    await page.keyboard.press('Enter')
    await isDrawn(bubble(desk(), 'The evening tour has free places').getByRole('img'))
    await bubble(chat(), 'The evening tour has free places').getByText('Book now').waitFor()
    for (const { label, shown } of KINDS) {
      const before = await bubbles(desk()).count()
      await choose(attach, 'More kinds …')
      await page.getByRole('menuitem', { name: label, exact: true }).click()
      await expect
        .poll(() => bubbles(desk()).count(), { message: label })
        .toBeGreaterThanOrEqual(before + shown.length)
    }
    await bubble(desk(), 'What it says now is encrypted').getByText('It costs 200').waitFor()
    // The one that is withheld for good; everything else is drawn.
    expect(await chat().locator('.chip').allTextContents()).toEqual(['Photo'])
    await shot('demo-kinds-sent')
  })

  it('carries files of the helpdesk to the phone, with a quote', async () => {
    await actOn(bubble(desk(), 'Is the red one'), 'Reply')
    await attachReply('A price list (PDF)')
    await attachReply('A photo')
    await page.getByRole('button', { name: 'Do not send A photo' }).click()
    const chosen = page.waitForEvent('filechooser')
    await attachReply('Files of yours …')
    const buffer = Buffer.from('bell,12\n')
    await (await chosen).setFiles({ name: 'prices.csv', mimeType: 'text/csv', buffer })
    await page.getByText('prices.csv').waitFor()
    await reply().fill('Here is the list.')
    await page.keyboard.press('Enter')
    const document = bubble(chat(), 'Here is the list.')
    await document.getByRole('link', { name: /price list\.pdf/ }).waitFor()
    const own = bubbles(chat()).getByRole('link', { name: /prices\.csv/ })
    await own.waitFor()
    const address = await own.getAttribute('href')
    expect(await (await fetch(new URL(String(address), demo.url))).text()).toBe('bell,12\n')
    await bubble(desk(), 'Here is the list.').getByText('Is the red one').waitFor()
    await shot('demo-light')
  })

  it('shows a reaction, an edit and a deletion of the phone in the helpdesk', async () => {
    await onPhone('I come at four')
    await bubble(desk(), 'I come at four').waitFor()
    const mine = bubble(chat(), 'I come at')
    await actOn(mine, 'React with thumbs up')
    await mine.getByRole('img', { name: /👍 by Maria Souza/ }).waitFor()
    await bubble(desk(), '👍').getByText('I come at four').waitFor()
    await actOn(mine, 'Edit')
    await page.getByRole('dialog').getByLabel('Text').fill('I come at five')
    await page.keyboard.press('Tab')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await mine.getByText('Edited').waitFor()
    await bubble(desk(), 'I come at five').waitFor()
    await actOn(mine, 'Delete for everyone')
    await bubble(chat(), 'This message was deleted').waitFor()
    await bubble(desk(), 'deleted by the customer').waitFor()
  })

  it('sends a poll by command and shows the vote in the helpdesk', async () => {
    await choose(page.getByRole('button', { name: 'Commands', exact: true }), /^!poll/)
    await page.keyboard.press('Enter')
    const blue = bubble(chat(), 'Which color?').getByRole('button', { name: /Blue/ })
    await blue.waitFor()
    await bubble(desk(), 'The poll was sent.').getByText('Private note by the bridge').waitFor()
    await blue.press('Enter')
    await expect.poll(() => blue.getAttribute('aria-pressed')).toBe('true')
    expect(await isFocused(blue)).toBe(true)
    await bubble(desk(), 'Blue: 1').waitFor()
    await shot('demo-poll')
  })

  it('keeps a private note to the helpdesk', async () => {
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
    await attachOnPhone('Photo')
    await isDrawn(
      bubbles(desk())
        .last()
        .getByRole('img', { name: /\.png$/ }),
    )
    await page.getByText("Customer's phone", { exact: true }).click()
    await bubble(chat(), 'I put it aside').waitFor()
  })

  it('deletes on the phone what the agent deletes', async () => {
    await reply().fill('Wrong chat')
    await page.keyboard.press('Enter')
    await bubble(chat(), 'Wrong chat').waitFor()
    await bubble(desk(), 'Wrong chat')
      .getByRole('img', { name: /Delivered|Read/ })
      .waitFor()
    await actOn(bubble(desk(), 'Wrong chat'), 'Delete')
    await bubble(chat(), 'Wrong chat').waitFor({ state: 'detached' })
    await bubbles(chat()).last().getByText('This message was deleted').waitFor()
  })

  it('shows why a reply failed, and sends it again', async () => {
    await choose(page.getByRole('button', { name: 'Refuse the next reply' }), /^WasenderAPI/)
    await expect
      .poll(() => demo.world.wasender.faults.list().length, { message: 'the fault is set' })
      .toBe(1)
    await reply().fill('Nobody will read this at first.')
    await page.keyboard.press('Enter')
    const failed = bubble(desk(), 'Nobody will read this')
    await failed.getByRole('img', { name: 'Failed' }).waitFor()
    await failed.getByText('Not sent').waitFor()
    await failed.getByRole('button', { name: 'Retry' }).click()
    await bubble(chat(), 'Nobody will read this').waitFor()
  })

  it('lets an agent write first', async () => {
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.getByRole('dialog').getByLabel('First message').fill('Your lamp is *ready*.')
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await page.getByText('John Example', { exact: true }).first().click()
    await bubble(chat(), 'Your lamp is').waitFor()
  })

  it('counts another conversation as unread until it is opened', async () => {
    const john = page.getByRole('button', { name: /^John Example/ })
    await john.getByLabel('1 unread').waitFor()
    await john.click()
    await page.getByRole('heading', { name: 'John Example', level: 3 }).last().waitFor()
    await john.getByLabel('1 unread').waitFor({ state: 'hidden' })
    expect(await john.getAttribute('aria-current')).toBe('true')
    expect(await page.locator('[aria-current=true]').count()).toBe(1)
    await page.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('button', { name: 'Reopen' }).waitFor()
  })

  it('shows a group with its authors', async () => {
    await page.locator('#people').getByText('Bike club').click()
    await page.getByRole('button', { name: /^Bike club/ }).click()
    await page.getByText("John's phone", { exact: true }).click()
    await onPhone('I bring the pump.')
    await bubble(desk(), 'I bring the pump.').getByText('John Example', { exact: true }).waitFor()
    await page.getByText("Maria's phone", { exact: true }).click()
    await bubble(chat(), 'I bring the pump.').getByText('John Example').waitFor()
    await reply().fill('The shop comes along.')
    await page.keyboard.press('Enter')
    await bubble(chat(), 'The shop comes along.').waitFor()
    await shot('demo-group')
  })

  it('opens the admin pages signed in', async () => {
    const overview = await follow('What the admin sees')
    await overview.getByRole('heading', { name: /^The account works/ }).waitFor()
    expect(overview.url()).toBe(`${demo.world.bridge.url}/admin`)
    await overview.close()
  })

  it('is logged out, holds back what agents write, and sends it in order after a scan', async () => {
    const device = page.getByRole('region', { name: 'The phone of the business' })
    await device.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('WhatsApp waits for a scan').waitFor()
    for (const text of ['The first to wait', 'The second to wait']) {
      await reply().fill(text)
      await page.keyboard.press('Enter')
      await bubble(desk(), text).waitFor()
    }
    const operator = page.getByRole('button', { name: /^WhatsApp connection/ })
    await operator.click()
    const code = desk().getByRole('img', { name: 'whatsapp-qr-code.png' })
    await isDrawn(code)
    await shot('demo-qr-code')
    const admin = await follow('Admin')
    await admin.getByRole('img', { name: 'QR code to scan with WhatsApp' }).waitFor()
    await page.getByRole('button', { name: /^Bike club/ }).click()
    await bubble(desk(), 'This message waits').waitFor()
    expect(await bubble(chat(), 'to wait').count()).toBe(0)
    await shot('demo-waiting')
    await device.getByRole('button', { name: 'Scan the QR code' }).click()
    await device.getByText('Linked to the bridge').waitFor()
    await bubble(chat(), 'The second to wait').waitFor()
    const sent = await bubble(chat(), 'to wait').locator('.text').allTextContents()
    expect(sent).toEqual(['The first to wait', 'The second to wait'])
    await bubble(desk(), 'is connected again').waitFor()
    await admin.getByText('Connected', { exact: true }).waitFor()
    await admin.close()
    await operator.click()
    await code.waitFor({ state: 'detached' })
  })

  it('offers the commands of operators where they work', async () => {
    await choose(page.getByRole('button', { name: 'Commands', exact: true }), '!failures')
    await page.keyboard.press('Enter')
    await bubble(desk(), 'Everything was delivered')
      .getByText('Private note by the bridge')
      .waitFor()
    await page.getByText('Reply', { exact: true }).click()
  })

  it('is used by keyboard', async () => {
    const attach = page.getByRole('button', { name: 'Attach on the phone' })
    await attach.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Photo' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await isFocused(page.getByRole('menuitem', { name: 'Video' }))).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    expect(await isFocused(attach)).toBe(true)
  })

  it('names every button and picture', async () => {
    const nameless =
      await page.evaluate(`[...document.querySelectorAll('button, input, textarea, img, a')]
      .filter((element) => !element.labels?.length && !element.ariaLabel && !element.alt
        && element.alt !== '' && !element.textContent.trim())
      .map((element) => element.outerHTML)`)
    expect(nameless).toEqual([])
  })

  it('looks right in the dark and on a narrow screen', async () => {
    await page.locator('#people').getByText('Maria Souza').click()
    await page.getByRole('button', { name: /^Maria Souza/ }).click()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await seriousFindings(page)).toEqual([])
    await shot('demo-dark')
    const attach = page.getByRole('button', { name: 'Attach on the phone' })
    await choose(attach, 'More kinds …')
    await shot('demo-kinds-dark')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 360, height: 740 })
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
    expect(widths).toEqual([360, 360])
    await choose(attach, 'More kinds …')
    await shot('demo-kinds-narrow')
    await page.keyboard.press('Escape')
    await page.screenshot({ path: join(SHOTS, 'demo-narrow.png'), fullPage: true })
  })

  it('makes no error and asks no other host', () => {
    expect(problems).toEqual([])
  })
})
