import nock from 'nock'
import { afterEach, beforeEach, expect } from 'vitest'

/** In each test of the file nothing leaves the process, and everything that was promised to be asked for is. */
export function useNock(): void {
  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    const pending = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    expect(pending).toEqual([])
  })
}
