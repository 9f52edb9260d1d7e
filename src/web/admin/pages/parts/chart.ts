import { BAR_MS, type TrafficBar } from '../../traffic.ts'
import { type Html, html, nothing } from './html.ts'

const STEP = 4
const WIDTH = 3
const HALF = 22
const HEIGHT = 2 * HALF + 2
/** A quiet hour must not look like a storm. */
const LEAST_SCALE = 5

/** What went in above the line and what went out below it, failures on top of either end in their own colour. */
export function trafficChart(bars: readonly TrafficBar[], name: string): Html {
  const hours = Math.round((bars.length * BAR_MS) / 3_600_000)
  const total = bars.reduce(
    (sum, bar) => ({
      in: sum.in + bar.in,
      out: sum.out + bar.out,
      failed: sum.failed + bar.failed,
    }),
    { in: 0, out: 0, failed: 0 },
  )
  const scale = Math.max(LEAST_SCALE, ...bars.map((bar) => Math.max(bar.in, bar.out + bar.failed)))
  const width = bars.length * STEP
  const label = `${name}, last ${hours} hours: ${total.in} in, ${total.out} out, ${total.failed} failed`
  return html`<figure class="chart">
<svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${label}" preserveAspectRatio="none">
<line class="axis" x1="0" x2="${width}" y1="${HALF + 1}" y2="${HALF + 1}"/>
${bars.map((bar, index) => column(bar, index * STEP, scale))}
</svg>
<figcaption><span>${hours} h ago</span>
<span class="legend"><span class="key key-in"></span> ${total.in} in</span>
<span class="legend"><span class="key key-out"></span> ${total.out} out</span>
${total.failed === 0 ? nothing : html`<span class="legend"><span class="key key-failed"></span> ${total.failed} failed</span>`}
<span>now</span></figcaption>
</figure>`
}

function column(bar: TrafficBar, x: number, scale: number): Html {
  const heightOf = (count: number) =>
    count === 0 ? 0 : Math.max(1.5, Math.round((count / scale) * HALF * 10) / 10)
  const [inbound, outbound, failed] = [heightOf(bar.in), heightOf(bar.out), heightOf(bar.failed)]
  return html`${rect('in', x, HALF - inbound, inbound)}${rect('out', x, HALF + 2, outbound)}${rect(
    'failed',
    x,
    HALF + 2 + outbound,
    failed,
  )}`
}

function rect(kind: keyof TrafficBar, x: number, y: number, height: number): Html {
  if (height === 0) return nothing
  return html`<rect class="bar-${kind}" x="${x}" y="${y}" width="${WIDTH}" height="${height}"/>`
}
