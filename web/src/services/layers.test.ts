import { expect, it } from 'vitest'
import { arrange } from './layers.ts'

const thing = (name: string, ...dependencies: readonly string[]) => ({ name, dependencies })

it('puts everything behind all that it needs', () => {
  const layers = arrange([thing('shop', 'wallet'), thing('wallet', 'bank'), thing('bank'), thing('people')])
  expect(layers.map((layer) => layer.toSorted())).toEqual([['bank', 'people'], ['wallet'], ['shop']])
})

it('orders a layer by what its members need, so that lines do not cross', () => {
  const [, second] = arrange([thing('a'), thing('b'), thing('needs b', 'b'), thing('needs a', 'a')])
  expect(second).toEqual(['needs a', 'needs b'])
})

it('leaves out what is not given, and ends where things need each other', () => {
  expect(
    arrange([thing('a', 'b', 'elsewhere'), thing('b', 'a')])
      .flat()
      .toSorted(),
  ).toEqual(['a', 'b'])
})
