import { SetupError, say, which } from './report.mjs'
import { installSystemPackage } from './system-package.mjs'

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const NAMES = { 'apt-get': 'chromium', apk: 'chromium', dnf: 'chromium' }

const find = () => process.env.CHROMIUM_PATH ?? PROGRAMS.map(which).find(Boolean)

/**
 * Gives the browser tests their browser in CHROMIUM_PATH. Without one they are skipped, but not in CI, where
 * tests that silently do not run would be worth nothing.
 */
export function ensureChromium() {
  const path = find() ?? (installSystemPackage('Installing Chromium', NAMES) ? find() : undefined)
  if (path !== undefined) return { CHROMIUM_PATH: path }
  const advice = 'install it (apt install chromium) or name one in CHROMIUM_PATH'
  if (process.env.CI === 'true') throw new SetupError(`Chromium is missing: ${advice}.`)
  say(`Chromium is missing, so the browser tests are skipped: ${advice} to run them.`)
  return {}
}
