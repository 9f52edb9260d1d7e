import { z } from 'zod'
import {
  anything,
  flag,
  label,
  millis,
  text,
} from '../../../../platforms/wasender/events/fields.ts'
import type { RichPart } from '../../canonical.ts'
import type { Converter } from '../converter.ts'
import { readNode } from '../fields.ts'
import { placeIn } from './files.ts'
import { richContent } from './rich.ts'

const eventSchema = z.object({
  name: label,
  eventTitle: label,
  title: label,
  description: text,
  caption: text,
  location: anything,
  joinLink: label,
  startTime: millis,
  endTime: millis,
  scheduledTimestampMs: millis,
  isCanceled: flag,
  isCancelled: flag,
})

/** Events, invitations to them and scheduled calls: what, when, where, and whether it was called off. */
export const fromEvent =
  (what: string): Converter =>
  (node) => {
    const event = readNode(eventSchema, node)
    const isCancelled = event.isCanceled === true || event.isCancelled === true
    const parts: (RichPart | undefined)[] = [
      titled(event.name ?? event.eventTitle ?? event.title),
      timed('starts', event.startTime ?? event.scheduledTimestampMs),
      timed('ends', event.endTime),
      placeIn(event.location),
      written(event.description),
      written(event.caption),
      event.joinLink === undefined ? undefined : { as: 'link', url: event.joinLink },
    ]
    return richContent(isCancelled ? 'cancelled-event' : what, { parts })
  }

const callEditSchema = z.object({ editType: anything })

/** `scheduledCallEditMessage`: a planned call was cancelled, the only edit there is. It quotes the call. */
export const fromCallEdit: Converter = (node) => {
  const { editType } = readNode(callEditSchema, node)
  if (!['1', 'CANCEL'].includes(String(editType).toUpperCase())) return undefined
  return { kind: 'rich', what: 'cancelled-call', parts: [], files: [] }
}

function titled(title: string | undefined): RichPart | undefined {
  return title === undefined ? undefined : { as: 'title', text: title }
}

function timed(moment: 'starts' | 'ends', at: number | undefined): RichPart | undefined {
  return at === undefined ? undefined : { as: 'time', moment, at }
}

function written(words: string | undefined): RichPart | undefined {
  return words === undefined ? undefined : { as: 'text', text: words }
}
