import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editEnv } from './write-down.ts'

it('adds, replaces and keeps', () => {
  const before = '# mine\nexport A=1\nB="2"\n\nC=3'
  expect(editEnv(before, { A: '1', B: 'two', D: '5|x' })).toBe(
    '# mine\nexport A=1\nB=two\n\nC=3\nD=5|x\n',
  )
})

it('takes a value as it is', () => {
  expect(editEnv('A=1\n', { A: "$& $1 # it's" })).toBe('A="$& $1 # it\'s"\n')
})

it('finds the quotes that leave a value as it is', () => {
  expect(editEnv('', { A: String.raw`it's\n` })).toBe("A=`it's\\n`\n")
  expect(editEnv('', { A: '`quoted`' })).toBe("A='`quoted`'\n")
})

it('does not take one name for the end of another', () => {
  expect(editEnv('MY_A=1\n', { A: '2' })).toBe('MY_A=1\nA=2\n')
})

it('refuses what could not be read back', () => {
  expect(() => editEnv('', { A: `'"\`` })).toThrow('cannot be written')
})

it('is read back as it was set, and setting it again changes nothing', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z_]{0,5}$/)
  const value = fc.stringMatching(/^[\x21-\x7e]{1,40}$/).filter((text) => !text.includes('`'))
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.dictionary(name, value), (first, second) => {
      const text = editEnv(editEnv('# top\n', first), second)
      expect(parseEnv(text)).toEqual({ ...first, ...second })
      expect(editEnv(text, { ...first, ...second })).toBe(text)
    }),
  )
})
