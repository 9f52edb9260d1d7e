/** What a contact is called that has no name of its own. */
export const names = {
  group: 'WhatsApp group',
  channel: 'WhatsApp channel',
  person: 'WhatsApp contact',
}
