const OWN_PAGE = /^\/admin(?:[/?][\w\-.~/?=&%+:@,]*)?$/

/**
 * Where a form or a link wants to lead, if that is one of our own pages, else `otherwise`: an address that leads elsewhere
 * would make the bridge a lure, and one with a line break no header. Every redirect to a given address goes through here.
 */
export function ownPage(given: unknown, otherwise: string): string {
  return typeof given === 'string' && OWN_PAGE.test(given) && !isClimbing(given) ? given : otherwise
}

/** Leads out of `/admin` again, plainly or as a browser reads it. */
function isClimbing(path: string): boolean {
  return !/^\/admin(?:[/?]|$)/.test(new URL(path, 'http://bridge').pathname)
}
