/** Why an agent's file was not sent, shown beside the Retry button. */
export const files = {
  /** `limit` is a size in words. */
  tooLarge: (limit: string) => `Not sent: the file is larger than ${limit}.`,
  empty: 'Not sent: the file is empty.',
  gone: 'Not sent: Chatwoot does not have this file (any more). Attach it again.',
  noFile: 'Not sent: there is no file in this attachment that WhatsApp could show.',
  blocked:
    'Not sent: this file lies on a server the bridge may not read. The admin can check the address of Chatwoot.',
  refused: 'Not sent: WasenderAPI did not take this file.',
}
