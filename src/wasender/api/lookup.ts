import { isNotFound } from './classify.ts'

/**
 * The value asked for, or `undefined` when the gateway does not know it; every other error stays
 * one.
 */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
