import { z } from 'zod'
import { webhookAddress } from '../../../platforms/webhook-address.ts'
import { type Finding, failed, ok } from '../check.ts'
import { type Probed, probeHttp } from '../http-probe.ts'
import { describeNetwork } from '../network.ts'
import { showUrl } from '../webhook-urls.ts'
import type { BridgeCheck } from './context.ts'

/**
 * What three requests through the public address met. The webhook's decides: a proxy may well keep the others to itself,
 * as the ones of docs/install.md do.
 */
export type PublicProbes = { health: Probed; webhook: Probed; origin: Probed | undefined }

const alive = z.looseObject({ status: z.literal('ok') })
const webhookRoute = z.looseObject({ received: z.literal(true) })
const nothingHere = z.looseObject({ error: z.literal('There is nothing here.') })

/** Whether `server.publicUrl` leads to this bridge, webhook routes included. */
export const publicReach: BridgeCheck = {
  id: 'public',
  title: 'Public address from here',
  needs: ['config.public_url', 'bridge'],
  async run({ config }) {
    const base = config.server.publicUrl
    const { origin, pathname } = new URL(base)
    const [health, origins, ...webhooks] = await Promise.all([
      probeHttp(`${base}/healthz`),
      pathname === '/' ? undefined : probeHttp(`${origin}/healthz`),
      ...config.accounts.flatMap(({ id }) => [
        probeHttp(webhookAddress(base, 'wasender', id)),
        probeHttp(webhookAddress(base, 'chatwoot', id)),
      ]),
    ])
    // The first that does not come through stands for all: they share one way.
    const webhook = webhooks.find((probed) => !isRoute(probed)) ?? webhooks[0] ?? health
    return [judgePublicReach(base, { health, webhook, origin: origins })]
  },
}

const says = (probed: Probed | undefined, shape: z.ZodType): boolean =>
  probed?.answered === true && shape.safeParse(probed.body).success

const isRoute = (probed: Probed) => says(probed, webhookRoute)

type Rule = {
  applies: (probes: PublicProbes) => boolean
  judge: (base: string, probes: PublicProbes) => Finding
}

const RULES: readonly Rule[] = [
  {
    applies: ({ webhook }) => isRoute(webhook),
    judge: (base) => ok(`${base} leads to a bridge.`),
  },
  { applies: ({ webhook }) => !webhook.answered, judge: unreachable },
  {
    applies: ({ webhook }) => webhook.answered && webhook.status >= 300 && webhook.status < 400,
    judge: redirected,
  },
  {
    applies: ({ webhook }) => webhook.answered && [502, 503, 504].includes(webhook.status),
    judge: () =>
      failed(
        'public.proxy_without_bridge',
        'the proxy answers, but does not get through to the bridge.',
        'Let the proxy forward to server.host and server.port of the bridge; inside containers that is the name of the service, not localhost.',
      ),
  },
  {
    // The bridge knows no prefix: the proxy forwards the path with it.
    applies: ({ health, origin }) => says(health, nothingHere) || says(origin, alive),
    judge: () =>
      failed(
        'public.prefix',
        'the path in server.publicUrl reaches the bridge as it is, and the bridge has no such path.',
        'Let the proxy take that path away before it forwards, or remove it from server.publicUrl.',
      ),
  },
  {
    applies: ({ health, webhook }) => says(health, alive) || says(webhook, nothingHere),
    judge: () =>
      failed(
        'public.path_stripped',
        'requests get through to the bridge, but not those to /webhooks/….',
        'Let the proxy forward every path, with nothing taken off or added (nginx: proxy_pass without a path at its end).',
      ),
  },
]

export function judgePublicReach(base: string, probes: PublicProbes): Finding {
  const rule = RULES.find(({ applies }) => applies(probes))
  return rule?.judge(base, probes) ?? wrongService(base)
}

function unreachable(base: string, { webhook }: PublicProbes): Finding {
  const { found, mend } = describeNetwork(webhook.answered ? '' : webhook.network)
  return failed(
    'public.unreachable',
    `${base} cannot be reached from here: ${found}.`,
    `${mend} If only this machine cannot use its own public address, try it from elsewhere.`,
  )
}

function redirected(base: string, { webhook }: PublicProbes): Finding {
  const to = webhook.answered && webhook.location !== null ? ` to ${showUrl(webhook.location)}` : ''
  return failed(
    'public.redirected',
    `${base} redirects${to}; platforms do not follow that with a webhook.`,
    'Set server.publicUrl to the address it ends at, and the webhook URLs with it.',
  )
}

function wrongService(base: string): Finding {
  return failed(
    'public.other_service',
    `something else answers at ${base}.`,
    'Let DNS entry and proxy of that name lead to the bridge, or correct server.publicUrl.',
  )
}
