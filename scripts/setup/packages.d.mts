type Options = {
  /** With the development packages. */
  dev: boolean
  /** Folder of the project. */
  root: string
}

export function ensurePackages(options: { dev: boolean; root?: string }): void
export function whyIncomplete(options: Options): string | undefined
