import { describe, expect, it } from 'vitest'
import { handlesIn, topicName, topicsIn, wordsOf } from './text.ts'

describe('mentions in a text', () => {
  it('are found at the start, in brackets and before punctuation, each once and in order', () => {
    expect(handlesIn('@Bob met (@ada), and @bob! asked @carol_99.')).toEqual(['bob', 'ada', 'carol_99'])
  })

  it('are not e-mail addresses, addresses on other networks, parts of web addresses, or too short', () => {
    const text = 'ada@example.org @ada@elsewhere.social https://example.org/@bob @ab é@carol @@carol'
    expect(handlesIn(text)).toEqual([])
  })

  it('are not longer than a handle can be, and not a part of a longer word', () => {
    expect(handlesIn(`@${'a'.repeat(30)} @${'b'.repeat(31)} @adaß`)).toEqual(['a'.repeat(30)])
  })
})

describe('topics in a text', () => {
  it('are found in every script, in lower case, each once and in order', () => {
    expect(topicsIn('#GraphQL at #Timișoara, then #graphql again; #日本語 and #हिन्दी.')).toEqual([
      'graphql',
      'timișoara',
      '日本語',
      'हिन्दी',
    ])
  })

  it('are not numbers, parts of web addresses, character references or languages', () => {
    expect(topicsIn('#1 of https://example.org/#part &#39; C#sharp ##twice')).toEqual([])
  })

  it('have one name, however they are asked for', () => {
    expect(['#Trading', 'TRADING', 'trading', 'ｔｒａｄｉｎｇ'].map(topicName)).toEqual(Array(4).fill('trading'))
    expect(['', '#', 'two words', '##x', '2026', 'x'.repeat(51)].map(topicName)).toEqual(Array(6).fill(undefined))
  })
})

describe('the words of a text', () => {
  it('are counted as people count them, and lose the blanks around them', () => {
    expect(wordsOf(` ${'🎉'.repeat(10)}\n`, 10)).toBe('🎉'.repeat(10))
    expect(() => wordsOf('🎉'.repeat(1_001), 1_000)).toThrow('1,001 characters; at most 1,000')
    expect(() => wordsOf(' \n ', 10)).toThrow('empty')
  })
})
