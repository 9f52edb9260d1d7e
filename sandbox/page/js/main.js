import { follow } from './api.js'
import { createHelpdesk } from './helpdesk/helpdesk.js'
import { createDevice } from './phone/device.js'
import { createPhone } from './phone/phone.js'
import { createStrip } from './strip.js'

const strip = createStrip()
const parts = [createPhone(), createDevice(), createHelpdesk(), strip]

follow({
  onState: (state) => {
    for (const part of parts) part.update(state)
  },
  onConnection: (isConnected) => {
    if (!isConnected) strip.lost()
  },
})
