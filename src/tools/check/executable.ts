import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The path of the first of these programs that is on the PATH. */
export async function findExecutable(
  names: readonly string[],
  path: string | undefined,
): Promise<string | undefined> {
  const folders = (path ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await isExecutable(file)) return file
  }
  return undefined
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: both mean that it cannot be used.
    return false
  }
}
