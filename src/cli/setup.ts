import { type Command, Option } from 'commander'
import { createColors } from 'picocolors'
import { configFileOf } from '../config/load.ts'
import { systemClock } from '../kernel/clock.ts'
import { visible, visibleLines } from '../kernel/text.ts'
import { createAnswers } from '../tools/setup/answers.ts'
import { nextSteps } from '../tools/setup/next-steps.ts'
import type { Prompter } from '../tools/setup/prompter.ts'
import { type Given, QUESTIONS, type Question } from '../tools/setup/questions.ts'
import type { SetupResult } from '../tools/setup/run-setup.ts'
import { type Progress, type Step, stepLine } from '../tools/setup/steps.ts'
import { asTyped } from './as-typed.ts'
import { type CliContext, globalOptions, writeResult } from './context.ts'
import { linkByQr } from './sessions-qr.ts'
import { sessionTarget } from './sessions-target.ts'
import { widthOf, wrap } from './wrap.ts'

type SetupFlags = Given & { yes?: true; nonInteractive?: true; dryRun?: true }

/** For whoever sits at the terminal, before the first question. */
const BEGIN =
  'This prepares one WhatsApp number: an inbox in Chatwoot, a session of WasenderAPI, and the configuration of the bridge. ' +
  'Have ready: the address at which the bridge will be reached, the access token of a Chatwoot administrator, and a personal ' +
  'access token of WasenderAPI. Enter takes what is shown; Ctrl-C ends it, and it can be run again.'

/** `setup`: from nothing to a running configuration, asking for what it is not told. */
export function registerSetup(program: Command, cli: CliContext): void {
  const setup = program
    .command('setup')
    .description('prepare Chatwoot and WasenderAPI and write the configuration')
  for (const { flag, variable, what } of Object.values<Question>(QUESTIONS)) {
    setup.addOption(new Option(flag, `${what} [${variable}]`))
  }
  setup
    .option('-y, --yes', 'ask nothing; what is missing is an error that names its flag')
    .option('--non-interactive', 'the same')
    .option('--dry-run', 'change nothing, say what would be done')
    .action(async (flags: SetupFlags, command: Command) => {
      const { json = false, config: path } = globalOptions(command)
      const prompter = await prompterFor(flags, cli, json)
      if (prompter !== undefined) cli.stdout.write(`${wrap(BEGIN, widthOf(cli.stdout))}\n`)
      const progress = createSetupProgress({ cli, json, dryRun: flags.dryRun === true })
      const answers = createAnswers({ flags, env: cli.env, prompter })
      // Loaded when it is asked for: no other command needs both platforms' clients to start.
      const { runSetup } = await import('../tools/setup/run-setup.ts')
      const result = await runSetup({
        configFile: configFileOf({ path, env: cli.env }),
        env: cli.env,
        answers,
        progress,
        clock: systemClock,
      })
      const { account, configFile, envFile, wasender } = result
      const link =
        wasender.status === 'connected'
          ? { isConnected: true }
          : await linkNow(result, { command, cli, prompter })
      const next = nextSteps(result, link.isConnected)
      const { steps, notes, dryRun } = progress
      const changed = steps.some(({ state }) => state !== 'already')
      writeResult(command, cli, {
        value: { dryRun, changed, account, configFile, envFile, steps, notes, next },
        text: endText({ changed, dryRun, next, cli }),
      })
      if (link.broken !== undefined) throw link.broken
    })
}

/**
 * Whoever is there can scan the code right away. Tells whether the phone is linked afterwards, and what broke it off: the
 * rest is set up by then, and what is next has to be said all the same.
 */
async function linkNow(
  { account, wasender }: SetupResult,
  at: { command: Command; cli: CliContext; prompter: Prompter | undefined },
): Promise<{ isConnected: boolean; broken?: unknown }> {
  const { command, cli, prompter } = at
  if (prompter === undefined || wasender.sessionId === undefined || isDry(command)) {
    return { isConnected: false }
  }
  const message = 'The session is not linked with a phone yet. Show the QR code now?'
  try {
    if (!(await prompter.confirm({ message }))) return { isConnected: false }
    await linkByQr(await sessionTarget(command, cli, { account }), cli)
    return { isConnected: true }
  } catch (broken) {
    return { isConnected: false, broken }
  }
}

const isDry = (command: Command) => command.opts<SetupFlags>().dryRun === true

/** Questions need somebody who reads them and types. */
async function prompterFor(
  { yes, nonInteractive }: SetupFlags,
  cli: CliContext,
  json: boolean,
): Promise<Prompter | undefined> {
  if (yes || nonInteractive || json || cli.interactive !== true) return undefined
  const { createPrompter } = await import('./setup-prompts.ts')
  return createPrompter({ signals: cli.signals })
}

function endText(options: {
  changed: boolean
  dryRun: boolean
  next: readonly string[]
  cli: CliContext
}): string {
  const { changed, dryRun, next, cli } = options
  const paint = createColors(cli.color)
  if (dryRun) return changed ? '\nNothing was changed.' : '\nNothing would be changed.'
  const list = next
    .map((step, index) => `  ${index + 1}. ${asTyped(step, cli)}`)
    .map((step) => wrap(step, widthOf(cli.stdout), 5))
    .join('\n')
  const verdict = changed ? 'Done.' : 'Everything was already so; nothing was changed.'
  return `\n${paint.bold(verdict)} What is next:\n${list}`
}

/** Where the words of a step begin, beside what was done. */
const INDENT = 13

/** Shows each step as it is done, or with `--json` keeps them for the end. */
function createSetupProgress(options: {
  cli: CliContext
  json: boolean
  dryRun: boolean
}): Progress & { steps: readonly Step[]; notes: readonly string[] } {
  const { cli, json, dryRun } = options
  const paint = createColors(cli.color)
  const steps: Step[] = []
  const notes: string[] = []
  const show = (line: string, color: (text: string) => string) => {
    const text = wrap(asTyped(visibleLines(line), cli), widthOf(cli.stdout), INDENT)
    // Each line by itself: what stands around a coloured text must not be part of it.
    if (!json) cli.stdout.write(`${text.split('\n').map(color).join('\n')}\n`)
  }
  return {
    dryRun,
    steps,
    notes,
    step(step) {
      steps.push(step)
      const line = visible(stepLine(step, dryRun))
      show(line, step.state === 'already' ? paint.dim : paint.green)
    },
    note(text) {
      notes.push(text)
      show(`${' '.repeat(INDENT)}${text}`, paint.yellow)
    },
  }
}
