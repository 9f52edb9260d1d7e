import { describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { WhatsappContact } from '../../platforms/wasender/contacts.ts'
import { candidateOf } from './bring-contact.ts'
import { listedContacts } from './contacts-import.ts'

type Listed = { items: { jid: string }[]; totalPages?: number; total?: number }

function contacts(jids: string[]): Listed['items'] {
  return jids.map((jid) => ({ jid }))
}

async function listed(...pages: Listed[]) {
  const last = pages.at(-1)
  const list = vi.fn(async ({ page }: { page: number }) => pages[page - 1] ?? last)
  const account = { wasender: { contacts: { list } } } as unknown as Account
  const jids: string[] = []
  for await (const { contact } of listedContacts(account, (work) => work())) jids.push(contact.jid)
  return { jids, asked: list.mock.calls.length }
}

describe('listed contacts', () => {
  it.each([
    [
      'all pages',
      [
        { items: contacts(['a', 'b']), totalPages: 2 },
        { items: contacts(['c']), totalPages: 2 },
      ],
      2,
    ],
    ['a list that has no pages', [{ items: contacts(['a', 'b', 'c']), totalPages: 1 }], 1],
    [
      'pages nobody counts',
      [{ items: contacts(['a', 'b']) }, { items: contacts(['c']) }, { items: [] }],
      3,
    ],
    ['the same page again and again', [{ items: contacts(['a', 'b', 'c']) }], 2],
    [
      'people who are listed twice',
      [
        { items: contacts(['a', 'b']), totalPages: 2 },
        { items: contacts(['b', 'c']), totalPages: 2 },
      ],
      2,
    ],
  ])('come from %s', async (_, pages, asked) => {
    expect(await listed(...pages)).toEqual({ jids: ['a', 'b', 'c'], asked })
  })

  it('are none of an empty list', async () => {
    expect(await listed({ items: [] })).toEqual({ jids: [], asked: 1 })
  })
})

describe('candidateOf', () => {
  const row = (jid: string, more: Partial<WhatsappContact> = {}) =>
    candidateOf({ jid, ...more } as WhatsappContact)

  it.each([
    ['120363000000000001@g.us', 'group'],
    ['120363000000000002@newsletter', 'channel'],
    ['status@broadcast', 'channel'],
    ['5@broadcast', 'channel'],
    ['nobody', 'unreadable'],
    ['', 'unreadable'],
  ])('leaves out %s: %s', (jid, skip) => {
    expect(row(jid)).toEqual({ skip })
  })

  it('reads people with all their addresses and names', () => {
    const lid = '189975000000001@lid' as WhatsappContact['jid']
    expect(row('15550001111:3@s.whatsapp.net', { lid, name: 'Maria', notify: 'M' })).toEqual({
      who: {
        address: { kind: 'phone', digits: '15550001111' },
        phone: '15550001111',
        lid: '189975000000001',
      },
      names: { saved: 'Maria', own: 'M' },
    })
    expect(row(lid, { verifiedName: 'Shop', notify: 'S' })).toEqual({
      who: { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' },
      names: { saved: undefined, own: 'Shop' },
    })
  })
})
