import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const SHIFT_CLOCK = pathToFileURL(join(import.meta.dirname, 'shift-clock.ts')).href

/** The environment of a bridge whose clock is so many ms ahead. */
export const clockAhead = (ms: number) => ({
  NODE_OPTIONS: `--import=${SHIFT_CLOCK}`,
  TEST_CLOCK_SHIFT_MS: String(ms),
})

export type LogLine = Record<string, unknown> & { level: number; msg?: string }

/** The real bridge in a process of its own. */
export type BridgeProcess = {
  url: string
  port: number
  pid: number
  /** Everything it logged. */
  log: LogLine[]
  /** Resolves with the signal that ended the process, or its exit code. */
  ended: Promise<NodeJS.Signals | number>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL, as in a crash. */
  kill(): Promise<void>
}

/** Starts the bridge and waits until it is ready. `port` 0 takes a free one. */
export async function startBridgeProcess(options: {
  configPath: string
  port?: number
  env?: Record<string, string>
  /** Where it is started; relative paths of the configuration begin there. */
  cwd?: string
}): Promise<BridgeProcess> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', options.configPath], {
    env: {
      ...process.env,
      LOG_LEVEL: 'debug',
      NODE_NO_WARNINGS: '1',
      ...options.env,
      PORT: String(options.port ?? 0),
    },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: LogLine[] = []
  const exited = exit(child)
  const port = await ready(child, log)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    log,
    ended: exited.then(() => child.signalCode ?? child.exitCode ?? 0),
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

function ready(child: ChildProcess, log: LogLine[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const raw: string[] = []
  if (!child.stdout || !child.stderr) throw new Error('The output is not piped')
  createInterface(child.stdout).on('line', (line) => {
    raw.push(line)
    const parsed = parse(line)
    if (parsed === undefined) return
    log.push(parsed)
    if (parsed.msg === 'The bridge is ready') resolve(Number(parsed.port))
  })
  createInterface(child.stderr).on('line', (line) => raw.push(line))
  child.once('exit', (code) => {
    reject(new Error(`The bridge ended with ${code}:\n${raw.join('\n')}`))
  })
  return promise
}

function parse(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return undefined
  }
}
