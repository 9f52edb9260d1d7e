/** What was chosen in the polls on the page. WhatsApp encrypts votes, so they cannot be read from the messages. */
export type Votes = {
  /** A new vote of somebody replaces the old one. */
  cast(pollKeyId: string, voter: string, options: readonly string[]): void
  /** Who chose the option: digits of their phones. */
  of(pollKeyId: string, option: string): string[]
  /** What somebody has chosen. */
  by(pollKeyId: string, voter: string): readonly string[]
}

export function createVotes(): Votes {
  const polls = new Map<string, Map<string, readonly string[]>>()
  const ballots = (pollKeyId: string) => polls.get(pollKeyId) ?? new Map<string, string[]>()
  return {
    cast: (pollKeyId, voter, options) =>
      void polls.set(pollKeyId, new Map(ballots(pollKeyId)).set(voter, options)),
    of: (pollKeyId, option) =>
      [...ballots(pollKeyId)].filter(([, chosen]) => chosen.includes(option)).map(([who]) => who),
    by: (pollKeyId, voter) => ballots(pollKeyId).get(voter) ?? [],
  }
}
