import type { ContactCard } from '../canonical.ts'
import type { DraftFile } from './draft.ts'
import { fileNameOf } from './file-name.ts'

/** The cards of a message as files, so that nothing of them is lost: addresses, birthdays, pictures. */
export function vcfFiles(cards: readonly ContactCard[]): DraftFile[] {
  return cards
    .filter(({ vcard }) => vcard.trim() !== '')
    .map(({ name, vcard }) => ({
      from: 'text',
      // With the ending in place, a name with a dot in it is not taken for one with an ending of its own.
      fileName: fileNameOf({ kind: 'document', mimetype: 'text/vcard', names: [`${name}.vcf`] }),
      contentType: 'text/vcard',
      text: vcard,
    }))
}
