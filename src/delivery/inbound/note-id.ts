import type { KeyId } from '../../ids.ts'

/** The source id of a message's note, by its place among them. */
export function noteId(keyId: KeyId, index: number): string {
  return `${keyId}:note:${index + 1}`
}

export function isNoteOf(keyId: KeyId, sourceId: string | null): boolean {
  return sourceId?.startsWith(`${keyId}:note:`) ?? false
}
