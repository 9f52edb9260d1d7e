import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { probeHttp } from './http-probe.ts'
import { describeNetwork } from './network.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('reads no more than the beginning of what has no end', async () => {
  const url = await serve((_request, response) => {
    const piece = 'x'.repeat(16 * 1024)
    const go = () => {
      while (!response.destroyed && response.write(piece)) {}
    }
    response.on('drain', go)
    go()
  })
  expect(await probeHttp(url)).toMatchObject({ answered: true, status: 200 })
})

it('reads JSON and anything else, and does not follow redirects', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'https://x.example/' })
    response.end(request.url === '/json' ? '{"a":1}' : '<html>')
  })
  expect(await probeHttp(`${url}/json`)).toMatchObject({ status: 200, body: { a: 1 } })
  expect(await probeHttp(`${url}/html`)).toMatchObject({ status: 200, body: '<html>' })
  expect(await probeHttp(`${url}/away`)).toMatchObject({ location: 'https://x.example/' })
})

it('tells silence from a refusal and from a cut connection', async () => {
  const silent = await serve(() => undefined)
  const cut = await serve((request) => request.socket.destroy())
  const closed = await serve(() => undefined)
  closing.pop()?.()
  const codes = await Promise.all([
    probeHttp(silent, { timeoutMs: 50 }),
    probeHttp(cut),
    probeHttp(closed),
  ])
  const words = codes.map((probed) => describeNetwork(probed.answered ? '' : probed.network).found)
  expect(words).toEqual([
    'it does not answer in time',
    'it closed the connection without an answer',
    'nothing listens there',
  ])
})

it('has words for a code nobody has thought of', () => {
  expect(describeNetwork('EWHATEVER').found).toBe('no answer (EWHATEVER)')
})
