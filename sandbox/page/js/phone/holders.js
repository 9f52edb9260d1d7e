/**
 * Whose phones show a chat: the customer's or each member's, and the business's own, whose messages the bridge mirrors
 * into the helpdesk.
 */
export function holdersOf({ isGroup, members }) {
  const theirs = members.map(({ phone, name }) => ({
    holder: phone,
    label: isGroup ? `${name.split(' ')[0]}'s phone` : "Customer's phone",
  }))
  return [...theirs, { holder: 'business', label: 'Business phone' }]
}

/** Who is on the other end, as the phone shows it. */
export function titleOf(state, { isGroup, name, members, id }, holder) {
  const names = members.map((member) => member.name).join(', ')
  if (isGroup) return { name, about: `${names}, ${state.business.name}` }
  if (holder === 'business') {
    const number = members[0]?.isNumberHidden ? 'number hidden' : `+${id}`
    return { name, about: `${number} · on the business phone` }
  }
  const { business } = state
  return { name: business.name, about: `${business.phone} · on ${name}'s phone` }
}
