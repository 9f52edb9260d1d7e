import type { AccountState, Collection } from './types.ts'

/** Chatwoot's clock, which dates what agents write, may differ from ours. */
const SKEW_MS = 60_000

/**
 * Notes with every account that links were lost which were written before a moment (ms since 1970), so that nothing of
 * that time is taken for unsent and sent again.
 */
export async function noteForgotten(
  accounts: Collection<AccountState>,
  before: number,
): Promise<void> {
  const forgotBefore = before + SKEW_MS
  for await (const { id } of accounts.all()) {
    await accounts.update(id, (state) =>
      state === undefined || (state.forgotBefore ?? 0) >= forgotBefore
        ? undefined
        : { ...state, forgotBefore },
    )
  }
}
