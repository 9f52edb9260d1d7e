/** The oldest release the bridge works with. */
const [MAJOR, MINOR] = [6, 2]

/** Whether a server's version, such as `7.0.15`, is new enough: 6.2, or any Valkey. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MAJOR || (major === MAJOR && minor >= MINOR)
}
