/** What an agent can ask for in a private note (docs/agents.md). */
export type Command =
  | { name: 'poll'; question: string; options: string[]; multiSelect: boolean }
  | { name: 'location'; latitude: number; longitude: number; place?: string; address?: string }
  | { name: 'contact'; person: string; phone: string }
  | { name: 'edit'; text: string }
  | { name: 'delete' | 'sticker' | 'block' | 'unblock' | 'status' | 'help' }

export type CommandName = Command['name']

/** What a note that starts with `!` turns out to be. */
export type ParsedNote =
  | { command: Command }
  /** The command exists but cannot be understood. */
  | { misused: CommandName }
  | { unknown: string; nearest?: CommandName }
