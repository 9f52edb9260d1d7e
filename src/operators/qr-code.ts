import QRCode from 'qrcode'

/** WhatsApp's codes are long; the level M stays readable on a phone that is held to a screen. */
const LEVEL = { errorCorrectionLevel: 'M' } as const

/** The code as an SVG document. */
export const qrSvg = (text: string): Promise<string> =>
  QRCode.toString(text, { ...LEVEL, type: 'svg', margin: 2 })

/** The code as a PNG picture. */
export const qrPng = (text: string): Promise<Buffer> =>
  QRCode.toBuffer(text, { ...LEVEL, type: 'png', margin: 4, width: 480 })

/** The code in half blocks, small enough for a terminal of 80 columns. */
export const qrTerminal = (text: string): Promise<string> =>
  QRCode.toString(text, { ...LEVEL, type: 'utf8', margin: 2 })
