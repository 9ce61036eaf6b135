import { describe, expect, it } from 'vitest'
import { countCharacters, splitText } from './text.ts'

const marked = (text: string): string[] =>
  splitText(text)
    .filter((part) => part.kind !== 'text')
    .map((part) => `${part.kind}:${part.text}`)

describe('the text of a post', () => {
  it('finds mentions, topics and addresses among words', () => {
    expect(marked('Hello @bob, see #Trading at https://codai.app/x?y=1.')).toEqual([
      'mention:@bob',
      'topic:#Trading',
      'link:https://codai.app/x?y=1',
    ])
  })

  it('names topics in lower case, in every script', () => {
    expect(splitText('#Știri')).toEqual([{ kind: 'topic', at: 0, text: '#Știri', name: 'știri' }])
  })

  it('takes no address of mail for a mention, and no handle that cannot exist', () => {
    expect(marked('ada@example.org @ab @ a#b # ##')).toEqual([])
  })

  it('gives the very same text back when it is joined', () => {
    const text = 'a @bob\n\n#x (https://a.b/c) — <b>&amp;</b> @carol!'
    expect(
      splitText(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })

  it('makes no link of other schemes', () => {
    expect(marked('javascript:alert(1) data:text/html,x')).toEqual([])
  })

  it('leaves numbers, entities and parts of addresses alone', () => {
    expect(marked('#1 &#39; /@bob https://a.org/#top @bob@other.org')).toEqual(['link:https://a.org/#top'])
  })

  it('keeps words of every script whole', () => {
    expect(marked('#हिन्दी #cafe\u0301')).toEqual(['topic:#हिन्दी', 'topic:#cafe\u0301'])
    expect(splitText('#cafe\u0301')).toMatchObject([{ name: 'caf\u00e9' }])
  })

  it('is as long as the service counts it', () => {
    expect(countCharacters('né 👍')).toBe(4)
  })
})
