import QRCode from 'qrcode'
import { expect, it } from 'vitest'
import { qrText } from './qr-text.ts'

const CODE = `2@${'Zm9v+/bar='.repeat(20)},${'x'.repeat(40)}==`

it('leaves text as it is', () => {
  expect(qrText(` ${CODE}\n`)).toBe(CODE)
})

it.each([{ scale: 4 }, { scale: 8, margin: 4 }, { width: 300 }])(
  'reads a picture, with and without the prefix of a data URL: %j',
  async (options) => {
    const url = await QRCode.toDataURL(CODE, options)
    expect(qrText(url)).toBe(CODE)
    expect(qrText(url.replace(/^data:image\/png;base64,/, ''))).toBe(CODE)
  },
)

it('finds nothing where nothing is to be read', async () => {
  const png = Buffer.from((await QRCode.toDataURL('x')).split(',')[1] ?? '', 'base64')
  const huge = Buffer.from(png)
  huge.writeUInt32BE(60_000, 16)
  for (const bytes of [png.subarray(0, 20), png.subarray(0, 60), huge]) {
    expect(qrText(bytes.toString('base64'))).toBeUndefined()
  }
  expect(qrText('data:image/svg+xml;base64,PHN2Zy8+')).toBeUndefined()
  expect(qrText('')).toBeUndefined()
  expect(qrText('2@'.padEnd(1_000_001, 'x'))).toBeUndefined()
})
