import { PermanentError, TransientError } from '../errors.ts'

/*
 * What can go wrong while a file is fetched. The host is named, the path never: it may hold a key.
 */

/** True when the server said that the file is not there (any more) or not for us. */
export function isNotThere(error: unknown): boolean {
  return error instanceof PermanentError && error.code === 'media.not_there'
}

export function notThere({ hostname: host }: URL, status: number): PermanentError {
  return new PermanentError(`${host} does not hand out the file (status ${status}).`, {
    code: 'media.not_there',
    context: { host, status },
  })
}

export function serverError({ hostname: host }: URL, status: number): TransientError {
  return new TransientError(`${host} could not hand out the file (status ${status}).`, {
    code: 'media.server_error',
    context: { host, status },
  })
}

export function stalled({ hostname: host }: URL): TransientError {
  return new TransientError(`${host} fell silent in the middle of a file. It is tried again.`, {
    code: 'media.stalled',
    context: { host },
  })
}

/** A chain of redirects without an end. */
export function tooManyRedirects({ hostname: host }: URL): PermanentError {
  return new PermanentError(`${host} redirects too often instead of handing out the file.`, {
    code: 'media.too_many_redirects',
    context: { host },
  })
}

export function notAnAddress(): PermanentError {
  return new PermanentError('The address of the file is not an http or https address.', {
    code: 'media.host_refused',
  })
}

export function unreachable({ hostname: host }: URL, cause: unknown): TransientError {
  const network = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN'
  return new TransientError(`No file from ${host}: ${network}. It is tried again.`, {
    code: 'media.unreachable',
    context: { host, network },
    cause,
  })
}
