/**
 * What the demo offers and the page does not know by itself: kinds of messages, and ways to refuse one.
 *
 * @typedef {{ id: string, label: string }} Choice
 * @type {Promise<{ kinds: { name: string, choices: Choice[] }[], refusals: Choice[] }>}
 */
export const menus = fetch('/api/menus').then((response) => response.json())
