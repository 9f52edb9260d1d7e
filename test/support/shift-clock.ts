/**
 * Loaded into the bridge's process before everything else (`node --import`): its clock goes ahead by
 * `TEST_CLOCK_SHIFT_MS`, so that what waits for minutes or hours is due at once. The bridge itself knows nothing of it.
 */
const shiftMs = Number(process.env.TEST_CLOCK_SHIFT_MS ?? 0)
const realNow = Date.now.bind(Date)

Date.now = () => realNow() + shiftMs
