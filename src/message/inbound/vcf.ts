import type { ContactCard } from '../canonical.ts'
import type { DraftFile } from './draft.ts'
import { fileNameOf } from './file-name.ts'

/** As many files as a message of Chatwoot may have (docs/platforms/chatwoot.md#uploads). */
const MOST_FILES = 15

/** The cards of a message as files, so that nothing of them is lost: addresses, birthdays, pictures. */
export function vcfFiles(cards: readonly ContactCard[]): DraftFile[] {
  const written = cards.filter(({ vcard }) => vcard.trim() !== '')
  const [first] = written
  if (first !== undefined && written.length > MOST_FILES) {
    const all = written.map(({ vcard }) => vcard.trim()).join('\n')
    return vcfFiles([{ ...first, name: `${first.name} + ${written.length - 1}`, vcard: all }])
  }
  return written.map(({ name, vcard }) => ({
    from: 'text',
    // With the ending in place, a name with a dot in it is not taken for one with an ending of its own.
    fileName: fileNameOf({ kind: 'document', mimetype: 'text/vcard', names: [`${name}.vcf`] }),
    contentType: 'text/vcard',
    text: vcard,
  }))
}
