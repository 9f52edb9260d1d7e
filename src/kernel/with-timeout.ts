/**
 * What the work comes to, or what `late` gives, or throws, once it has taken longer than `ms`. The work goes on all the
 * same.
 */
export async function within<T, L>(
  ms: number,
  work: T | Promise<T>,
  late: () => L,
): Promise<T | Awaited<L>> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  try {
    return await Promise.race([work, over.promise.then(late)])
  } finally {
    clearTimeout(timer)
  }
}
