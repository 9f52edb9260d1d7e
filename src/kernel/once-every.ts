/** True for the first of its name, and then not again until `ms` have passed. For log lines that would repeat themselves. */
export function createRarely(ms: number, now: () => number = () => performance.now()) {
  const last = new Map<string, number>()
  return (name: string): boolean => {
    const before = last.get(name)
    if (before !== undefined && now() - before < ms) return false
    last.set(name, now())
    return true
  }
}
