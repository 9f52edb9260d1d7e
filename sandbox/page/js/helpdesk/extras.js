import { pickFiles } from '../files.js'

const SAMPLES = {
  photo: 'A photo',
  paper: 'A price list (PDF)',
  voice: 'A voice note',
  clip: 'A video',
  card: 'A contact card',
}

/** What can be attached. `add` gets the files. */
export function attachItems(add) {
  const samples = Object.entries(SAMPLES).map(([sample, label]) => ({
    label,
    run: () => add([{ label, file: { sample } }]),
  }))
  const own = {
    label: 'Files of yours …',
    run: async () => {
      const files = await pickFiles()
      add(files.map((file) => ({ label: file.fileName, file })))
    },
  }
  return [...samples, own]
}

/** What the bridge does when a private note asks for it. */
const COMMANDS = [
  '!poll Which color? | Blue | Red',
  '!location 52.52,13.405 Bike shop | Main Street 1',
  '!contact John Example | +12025550102',
  '!edit The corrected text',
  '!delete',
  '!status',
  '!help',
]

/** What it does when "WhatsApp connection" is asked. */
const OPERATOR_COMMANDS = [
  '!status',
  '!qr',
  '!connect',
  '!disconnect',
  '!restart',
  '!failures',
  '!retry all',
  '!help',
]

/** Commands to begin a note with. `write` gets the text. */
export const commandItems = (isOperator, write) =>
  (isOperator ? OPERATOR_COMMANDS : COMMANDS).map((command) => ({
    label: command,
    run: () => write(command),
  }))
