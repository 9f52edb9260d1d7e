export type Choice = { value: string; label: string; hint?: string }

type Question = { message: string }

/** Asks the person at the terminal. Rejects with `setup.cancelled` when that person has had enough. */
export type Prompter = {
  /** `problemWith` says what is wrong with an answer, if anything. */
  text(
    question: Question & {
      initial?: string | undefined
      problemWith(answer: string): string | undefined
    },
  ): Promise<string>
  /** Nothing of the answer is shown. */
  secret(question: Question & { problemWith(answer: string): string | undefined }): Promise<string>
  choose(
    question: Question & { choices: readonly Choice[]; initial?: string | undefined },
  ): Promise<string>
  chooseSome(
    question: Question & { choices: readonly Choice[]; initial: readonly string[] },
  ): Promise<string[]>
  confirm(question: Question): Promise<boolean>
}
