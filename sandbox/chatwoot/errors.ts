/**
 * An answer other than 2xx. `body` goes out as JSON; `undefined` leaves it empty. The bodies have the shapes of
 * docs/platforms/chatwoot.md#conventions.
 */
export class ApiError extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body?: unknown) {
    super(`Answer ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.body = body
  }
}

/** A failed validation: the text and the attributes it names. */
export type Invalid = { attribute: string; message: string }

export const notFound = () => new ApiError(404, { error: 'Resource could not be found' })
export const refused = (error: string) => new ApiError(422, { error })
export const unauthorized = (error: string) => new ApiError(401, { error })
export const forbiddenRole = () => unauthorized('You are not authorized to do this action')
/** What an unhandled Ruby exception becomes. */
export const crashed = () => new ApiError(500, { status: 500, error: 'Internal Server Error' })

/** Throws the 422 of failed validations when there are any. */
export function rejectInvalid(problems: Invalid[]): void {
  if (problems.length === 0) return
  throw new ApiError(422, {
    message: problems.map(({ message }) => message).join(', '),
    attributes: problems.map(({ attribute }) => attribute),
  })
}
