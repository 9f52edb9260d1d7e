/** Agents and customers may be in any time zone, so that of the time is always said. */
const time = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'full',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** Words of messages that are made of parts: templates, lists, orders, events. */
export const rich = {
  /** `at`: milliseconds since 1970. */
  time: (at: number) => `${time.format(at)} UTC`,
  moments: {
    starts: (when: string) => `Starts: ${when}`,
    ends: (when: string) => `Ends: ${when}`,
    expires: (when: string) => `Valid until: ${when}`,
  },
  facts: {
    items: (count: string) => `Articles: ${count}`,
    total: (price: string) => `Total: ${price}`,
    order: (id: string) => `Order number: ${id}`,
  },
}
