/** Who chose what in the polls. A new vote of somebody replaces the old one. */
export type Polls = {
  vote(pollKeyId: string, voter: string, options: string[]): void
  /** `pollResult` of `poll.results`: the full tally (docs/platforms/wasender.md#polls). */
  tally(pollKeyId: string, options: string[]): { name: string; voters: string[] }[]
}

export function createPolls(): Polls {
  const votes = new Map<string, Map<string, string[]>>()
  return {
    vote: (pollKeyId, voter, options) => {
      const poll = votes.get(pollKeyId) ?? new Map<string, string[]>()
      votes.set(pollKeyId, poll.set(voter, options))
    },
    tally: (pollKeyId, options) => {
      const cast = [...(votes.get(pollKeyId) ?? [])]
      return options.map((name) => ({
        name,
        voters: cast.filter(([, chosen]) => chosen.includes(name)).map(([voter]) => voter),
      }))
    },
  }
}
