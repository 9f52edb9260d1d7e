import type { CliContext } from './context.ts'

const NAME =
  /\bwasender-chatwoot (check|config|contacts|demo|failures|messages|serve|sessions|setup)\b/g

/** These look at the running bridge, so in containers they are run beside it. */
const BESIDE_THE_BRIDGE: readonly string[] = ['check', 'contacts', 'failures', 'messages']

/**
 * A text whose commands can be typed as they stand: nothing puts `wasender-chatwoot` on the path of whoever runs it by npm
 * or in a container. These say in BRIDGE_COMMAND, and in BRIDGE_COMMAND_BESIDE where that differs, how they call it.
 */
export function asTyped(text: string, { env }: Pick<CliContext, 'env'>): string {
  const { BRIDGE_COMMAND: usual, BRIDGE_COMMAND_BESIDE: beside = usual } = env
  return text.replaceAll(NAME, (found, command: string) => {
    const program = BESIDE_THE_BRIDGE.includes(command) ? beside : usual
    return program ? `${program} ${command}` : found
  })
}
