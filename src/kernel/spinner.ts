const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 80
const CLEAR_LINE = '\r\u001b[2K'

/**
 * A line that shows that something is waited for, and leaves nothing behind. It reads no keys and listens to no signals,
 * so Ctrl-C stays what it is everywhere else.
 */
export function createSpinner(out: NodeJS.WritableStream) {
  let turning: NodeJS.Timeout | undefined
  return {
    start(text: string): void {
      let frame = 0
      const show = () => {
        out.write(`${CLEAR_LINE}${FRAMES[frame % FRAMES.length]} ${text}`)
        frame += 1
      }
      show()
      turning = setInterval(show, FRAME_MS)
    },
    stop(): void {
      if (turning === undefined) return
      clearInterval(turning)
      turning = undefined
      out.write(CLEAR_LINE)
    },
  }
}
