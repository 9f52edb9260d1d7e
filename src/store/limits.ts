/** 180 days: how long a link is kept after its last change. */
export const LINK_AGE_MS = 180 * 24 * 60 * 60 * 1000
