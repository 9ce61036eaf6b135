import { badInput, requireId } from '../_kit/index.ts'

/** The ids of `least` to `most` different things. */
export const requireIds = (
  typeName: string,
  ids: readonly string[],
  [least, most]: readonly [number, number],
  field: string,
): string[] => {
  const distinct = new Set(ids.map((id) => requireId(typeName, id)))
  if (ids.length < least || ids.length > most) throw badInput(`Give ${least} to ${most}.`, { field })
  if (distinct.size < ids.length) throw badInput('Give each of them once.', { field })
  return [...distinct]
}
