import type { Command } from 'commander'
import { z } from 'zod'
import { createAdminClient } from './admin-client.ts'
import { type CliContext, loadForCommand, writeResult } from './context.ts'
import { oneAccount } from './one-account.ts'
import { renderTable } from './table.ts'

type FindOptions = {
  account?: string
  whatsappId?: string
  chatwootId?: string
  msgId?: string
}

const found = z.object({
  messages: z.array(
    z.looseObject({
      direction: z.string(),
      conversationId: z.number(),
      messageId: z.number(),
      whatsappId: z.string().nullable(),
      msgId: z.number().nullable(),
      part: z.string().nullable(),
      state: z.string(),
      reason: z.string().nullable(),
    }),
  ),
})

/** `messages find`: one message's ids on all sides and how far it has come. */
export function registerMessages(program: Command, cli: CliContext): void {
  const messages = program.command('messages').description('look up messages')
  messages
    .command('find')
    .description('one message by any of its ids')
    .option('-a, --account <id>', 'its account; may be left out when there is only one')
    .option('--whatsapp-id <id>', "WhatsApp's id of it")
    .option('--chatwoot-id <id>', "Chatwoot's id of it")
    .option('--msg-id <id>', "the gateway's id of it")
    .action(async (options: FindOptions, command: Command) => {
      const given = idsIn(options)
      if (given === 0) command.error('error: give --chatwoot-id, --whatsapp-id or --msg-id')
      if (given > 1) {
        command.error('error: give only one of --chatwoot-id, --whatsapp-id and --msg-id')
      }
      const { config } = await loadForCommand(command, cli)
      const { id: account } = oneAccount(config.accounts, options.account)
      const ask = createAdminClient(config)
      const search = { ...options, account }
      const value = await ask({ path: 'messages', search }, found)
      writeResult(command, cli, { value, text: textOf(value.messages, cli) })
    })
}

const idsIn = ({ whatsappId, chatwootId, msgId }: FindOptions) =>
  [whatsappId, chatwootId, msgId].filter((id) => id !== undefined).length

function textOf(messages: z.output<typeof found>['messages'], cli: CliContext): string {
  if (messages.length === 0)
    return 'The bridge knows no such message. Is it the id of the right kind, and the right account?'
  const rows = messages.map((each) => [
    each.direction,
    each.part ?? '',
    each.conversationId,
    each.messageId,
    each.whatsappId ?? '',
    each.msgId ?? '',
    each.reason === null ? each.state : `${each.state}: ${each.reason}`,
  ])
  const head = ['Way', 'Part', 'Conversation', 'Chatwoot id', 'WhatsApp id', 'msgId', 'State']
  return renderTable(head, rows, cli)
}
