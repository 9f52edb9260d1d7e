import { linkIndexes } from '../../state/store/keys.ts'
import type { Link, LinkIndex, Store } from '../../state/store/types.ts'

/** The links of a store in a plain map; for unit tests. */
export function createMemoryLinks(): Pick<Store, 'links'> {
  const all = new Map<string, Link>()
  return {
    links: {
      get: async (id) => all.get(id),
      put: async (id, link) => void all.set(id, link),
      async update(id, change) {
        const next = change(all.get(id))
        if (next !== undefined) all.set(id, next)
        return all.get(id)
      },
      async delete(id, when = () => true) {
        const current = all.get(id)
        if (current !== undefined && when(current)) all.delete(id)
      },
      findBy: async (index, key) =>
        [...all.values()].filter((link) => linkIndexes[index as LinkIndex](link) === key),
      count: async () => all.size,
      async *all() {
        for (const [id, value] of all) yield { id, value }
      },
      async erase(ids) {
        for (const id of ids) all.delete(id)
      },
    },
  }
}
