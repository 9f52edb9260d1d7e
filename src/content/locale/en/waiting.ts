/** Private notes about a WhatsApp session that is down. */
export const waiting = {
  down: 'WhatsApp is disconnected. This message waits and goes out when it is back.',
  back: 'WhatsApp is connected again. What waited here goes out now.',
}
