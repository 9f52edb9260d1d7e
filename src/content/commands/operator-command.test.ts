import { describe, expect, it } from 'vitest'
import { OPERATOR_COMMANDS, readOperatorCommand } from './operator-command.ts'

describe('what somebody writes to the bridge', () => {
  it.each(OPERATOR_COMMANDS.filter((name) => name !== 'retry'))('!%s', (command) => {
    expect(readOperatorCommand(`!${command}`)).toEqual({ command })
    expect(readOperatorCommand(`  !${command.toUpperCase()} please\n`)).toEqual({ command })
  })

  it('!retry wants to be told what', () => {
    expect(readOperatorCommand('!retry all')).toEqual({ command: 'retry' })
    expect(readOperatorCommand('!retry\\\nALL ')).toEqual({ command: 'retry' })
    expect(readOperatorCommand('!retry')).toEqual({ misused: 'retry' })
    expect(readOperatorCommand('!retry 5')).toEqual({ misused: 'retry' })
  })

  it.each([
    ['!conect', 'connect'],
    ['!stats', 'status'],
    ['!pol A | B', undefined],
    ['!frobnicate', undefined],
  ])('%s is no command; the nearest is %s', (text, nearest) => {
    expect(readOperatorCommand(text)).toEqual({ nearest })
  })

  it.each(['', 'Hello', '!!! important', '! no', 'say !status'])('%j speaks to nobody', (text) => {
    expect(readOperatorCommand(text)).toBeUndefined()
  })
})
