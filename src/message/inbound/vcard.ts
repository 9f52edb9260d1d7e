/** A folded line goes on in the next one, after a space (RFC 6350). */
const FOLD = /\r?\n[ \t]/g
const TEL = /^(?:[^.:;]+\.)?TEL(?<parameters>;[^:]*)?:(?<value>.*)$/i
const NAME = /^(?:[^.:;]+\.)?FN(?:;[^:]*)?:(.*)$/i
const WAID = /;waid=(\d{5,20})/i

/** Phone numbers of a vCard, each once: WhatsApp's own digits (`waid=`) with a `+`, else the number as written. */
export function numbersIn(vcard: string): string[] {
  const found = linesOf(vcard).flatMap((line) => {
    const { parameters = '', value = '' } = TEL.exec(line)?.groups ?? {}
    const waid = WAID.exec(parameters)?.[1]
    return waid === undefined ? written(value) : [`+${waid}`]
  })
  return [...new Set(found)]
}

/** The formatted name of a vCard. */
export function nameIn(vcard: string): string | undefined {
  const value = linesOf(vcard)
    .map((line) => NAME.exec(line)?.[1])
    .find((name) => name !== undefined)
  return value === undefined ? undefined : unescaped(value) || undefined
}

function linesOf(vcard: string): string[] {
  return vcard.replace(FOLD, '').split(/\r?\n/)
}

/** `tel:` is the spelling of vCard 4. Values without a digit are no numbers. */
function written(value: string): string[] {
  const number = unescaped(value).replace(/^tel:/i, '')
  return /\d/.test(number) ? [number] : []
}

function unescaped(value: string): string {
  return value
    .replace(/\\n/gi, ' ')
    .replace(/\\([\\,;:])/g, '$1')
    .trim()
}
