import { BridgeError, ConfigError } from '../errors.ts'

/**
 * The first question to a platform. The clients say of one that does not answer that it is tried again, which is
 * right for the bridge; here a person sits and can look at the address.
 *
 * @throws {ConfigError} `setup.unreachable`
 */
export async function reaching<T>(
  where: { name: string; baseUrl: string; flag: string },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (!(cause instanceof BridgeError) || !cause.code.endsWith('.unreachable')) throw cause
    const { name, baseUrl, flag } = where
    const { network = 'no answer' } = cause.context
    throw new ConfigError(
      `${name} does not answer at ${baseUrl} (${network}). Check ${flag}, and whether it runs.`,
      { code: 'setup.unreachable', cause },
    )
  }
}
