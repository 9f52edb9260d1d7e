import { type Kind, sends } from './kind.ts'

/** 21 September 2026, 14:13 UTC. */
const WHEN_S = 1_790_000_000
const fitting = {
  name: 'Fitting',
  description: 'Bring your shoes',
  startTime: String(WHEN_S),
  endTime: String(WHEN_S + 3600),
  location: { name: 'Bike shop', degreesLatitude: 52.52, degreesLongitude: 13.405 },
  joinLink: 'https://call.whatsapp.com/video/abc',
}

/** What happens at a time, and what somebody is invited to. */
export const EVENT_KINDS: readonly Kind[] = [
  {
    id: 'event',
    label: 'Event',
    promise: 'an event arrives with its time and place',
    send: sends({ eventMessage: fitting }),
    shown: [
      {
        content:
          /Fitting[\s\S]*September 2026[\s\S]*UTC[\s\S]*Bike shop[\s\S]*Bring your shoes[\s\S]*call\.whatsapp\.com/,
      },
    ],
  },
  {
    id: 'cancelled-event',
    label: 'Cancelled event',
    promise: 'a cancelled event says that it is off',
    send: sends({ eventMessage: { ...fitting, isCanceled: true } }),
    shown: [{ content: /Cancelled event[\s\S]*Fitting/ }],
  },
  {
    id: 'event-invitation',
    label: 'Invitation to an event',
    promise: 'an invitation to an event arrives',
    send: sends({
      eventInviteMessage: {
        eventId: 'e1',
        eventTitle: 'Summer party',
        startTime: String(WHEN_S),
        caption: 'Come along!',
      },
    }),
    shown: [{ content: /Invitation[\s\S]*Summer party[\s\S]*Come along!/ }],
  },
  {
    id: 'scheduled-call',
    label: 'Scheduled call',
    promise: 'a scheduled call arrives with its time',
    send: sends({
      scheduledCallCreationMessage: {
        scheduledTimestampMs: String(WHEN_S * 1000),
        callType: 1,
        title: 'Call about the offer',
      },
    }),
    shown: [{ content: /Scheduled call[\s\S]*Call about the offer[\s\S]*2026/ }],
  },
  {
    id: 'group-invitation',
    label: 'Group invitation',
    promise: 'an invitation to a group arrives with its link',
    send: sends({
      groupInviteMessage: {
        groupJid: '120363000000000077@g.us',
        inviteCode: 'AbCdEfGh1234',
        groupName: 'Bike club',
        caption: 'Join us',
      },
    }),
    shown: [{ content: /Bike club[\s\S]*https:\/\/chat\.whatsapp\.com\/AbCdEfGh1234/ }],
  },
  {
    id: 'channel-invitation',
    label: 'Channel invitation',
    promise: 'an invitation to a channel arrives',
    send: sends({
      newsletterFollowerInviteMessageV2: {
        newsletterJid: '120363000000000078@newsletter',
        newsletterName: 'Bike offers',
        caption: 'Follow us',
      },
    }),
    shown: [{ content: /Channel invitation[\s\S]*Bike offers[\s\S]*Follow us/ }],
  },
]
