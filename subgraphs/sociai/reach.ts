import type { PipelineStage } from 'mongoose'

/** What two people have in common, whoever of them comes first. */
export const pairOf = (one: string, other: string): string => (one < other ? `${one}:${other}` : `${other}:${one}`)

const pairWith = (viewer: string, person: unknown): object => {
  // A literal, because an id from outside that begins with `$` would be read as the name of a field.
  const self = { $literal: viewer }
  return {
    $cond: [{ $lt: [self, person] }, { $concat: [self, ':', person] }, { $concat: [person, ':', self] }],
  }
}

/**
 * Stages that leave out what comes from people between whom and the viewer stands a block, in either direction, within
 * the same read. Everybody reaches a viewer who is not signed in.
 */
export const reaching = (viewer: string | undefined, people: readonly unknown[]): PipelineStage[] =>
  viewer === undefined
    ? []
    : [
        { $addFields: { pairs: people.map((person) => pairWith(viewer, person)) } },
        { $lookup: { from: 'blocks', localField: 'pairs', foreignField: 'pair', as: 'barriers' } },
        { $match: { barriers: { $size: 0 } } },
        { $project: { pairs: 0, barriers: 0 } },
      ]
