import { describe, expect, it } from 'vitest'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import { planQr } from './tell-qr.ts'

let sequence = 0
type Seen = Pick<Message, 'id' | 'sourceId' | 'contentAttributes'>

function seen(sourceId: string | null, deleted = false): Seen {
  sequence += 1
  return {
    id: sequence as Message['id'],
    sourceId,
    contentAttributes: deleted ? { deleted: true } : {},
  }
}

const code = (name: string, deleted = false) => seen(`operator:qr:${name}`, deleted)
const over = (count: number) => Array.from({ length: count }, (_, n) => code(`over${n}`, true))

describe('what to do about a code', () => {
  it('is to show the first one', () => {
    expect(planQr([seen(null)], 'operator:qr:a')).toEqual({ show: 'first', remove: [] })
  })

  it('is to put a renewed one into the place of the one before', () => {
    const shown = code('a')
    const plan = planQr([seen(null), code('old', true), shown], 'operator:qr:b')
    expect(plan).toEqual({ show: 'renewed', remove: [shown.id] })
  })

  it('is nothing when it is shown already, but for what a crash has left', () => {
    const left = code('a')
    expect(planQr([left, code('b')], 'operator:qr:b')).toEqual({ show: 'no', remove: [left.id] })
  })

  it('is to stop after six of them that nobody scanned', () => {
    const shown = code('f')
    const latest = [seen('operator:session:1'), ...over(5), shown]
    expect(planQr(latest.slice(0, -1), 'operator:qr:f')).toMatchObject({ show: 'first' })
    expect(planQr(latest, 'operator:qr:g')).toEqual({ show: 'paused', remove: [shown.id] })
    const paused = [...latest.slice(0, -1), code('f', true), seen('operator:qr-paused:g')]
    expect(planQr(paused, 'operator:qr:h')).toEqual({ show: 'no', remove: [] })
  })

  it('is to go on when somebody wrote meanwhile', () => {
    const latest = [...over(6), seen('operator:qr-paused:g'), seen(null), seen('command:1')]
    expect(planQr(latest, 'operator:qr:h')).toEqual({ show: 'first', remove: [] })
  })
})
