import { codedError } from '../_kit/index.ts'

/** What a template may refer to. */
export type Scope = Readonly<Record<'input' | 'steps' | 'owner' | 'run' | 'step', unknown>>

/** A reference such as `steps.deposit.deposit.id`, by its parts. */
export type Reference = readonly string[]

const referencePattern = /\{\{\s*([A-Za-z]\w*(?:\.(?:\w+|\*))*)\s*\}\}/g
const wholePattern = /^\{\{\s*([A-Za-z]\w*(?:\.(?:\w+|\*))*)\s*\}\}$/

const textsOf = (template: unknown): string[] => {
  if (typeof template === 'string') return [template]
  if (typeof template !== 'object' || template === null) return []
  return Object.values(template).flatMap(textsOf)
}

/** Whether a text refers to anything. */
export const isTemplate = (text: string): boolean => text.includes('{{')

/** Everything that a template refers to, in its order. */
export const referencesOf = (template: unknown): Reference[] =>
  textsOf(template).flatMap((text) => [...text.matchAll(referencePattern)].map(([, path = '']) => path.split('.')))

/** The first text whose braces are no reference; undefined when all are. */
export const malformedIn = (template: unknown): string | undefined =>
  textsOf(template).find((text) => isTemplate(text.replaceAll(referencePattern, '')))

const lookUp = (scope: Scope, path: string): unknown => {
  const follow = (value: unknown, [part, ...rest]: Reference): unknown => {
    if (part === undefined) return value
    if (part === '*' && Array.isArray(value)) return value.map((item) => follow(item, rest))
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    if (!isThere) throw codedError('BAD_USER_INPUT', `\`${path}\` has no value.`)
    return follow((value as Record<string, unknown>)[part], rest)
  }
  return follow(scope, path.split('.'))
}

const asText = (scope: Scope, path: string): string => {
  const value = lookUp(scope, path)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw codedError('BAD_USER_INPUT', `\`${path}\` cannot be written into a text.`)
}

/**
 * Fills a template in. A text that is one reference takes its value as it is; within other text, texts, numbers and
 * booleans can stand. BAD_USER_INPUT names a reference that leads nowhere.
 */
export const render = (template: unknown, scope: Scope): unknown => {
  if (typeof template === 'string') {
    const whole = wholePattern.exec(template)?.[1]
    if (whole !== undefined) return lookUp(scope, whole)
    return template.replaceAll(referencePattern, (_, path: string) => asText(scope, path))
  }
  if (Array.isArray(template)) return template.map((item) => render(item, scope))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([field, value]) => [field, render(value, scope)]))
}
