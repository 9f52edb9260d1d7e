import fc from 'fast-check'

/**
 * Property tests make up the same inputs in every run, so that a change is never refused for what it did not touch.
 * `PROPERTY_SEED=random` looks for new ones, and `PROPERTY_SEED=<number>` plays one again.
 */
const wanted = process.env.PROPERTY_SEED ?? '1'
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) })
