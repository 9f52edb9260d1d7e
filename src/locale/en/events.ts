/** Words for what happens around messages. */
export const events = {
  /** Why WhatsApp refused a message, by its own number for the reason. */
  refusals: {
    '429':
      'WhatsApp refused this message: too many were sent in a short time. Wait before you retry.',
    '463':
      'WhatsApp refused this message: this number may not start new chats at the moment. The customer has to write first.',
    '475':
      'WhatsApp refused this message: this number has written to too many new people. Wait before you retry.',
  } as Readonly<Record<string, string>>,
  refusedWith: (code: string) => `WhatsApp could not deliver this message (error ${code}).`,
}
