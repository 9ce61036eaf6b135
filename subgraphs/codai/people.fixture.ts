import { randomUUID } from 'node:crypto'
import type { Answer, TestWorld } from '../_kit/testing/index.ts'

type Person = { id: string }

const accepted = (answer: Answer): Answer['data'] => {
  if (answer.errors) throw new Error(`It was refused: ${JSON.stringify(answer.errors)}`)
  return answer.data
}

/** A new project of a person; answers its id. */
export const newProject = async (world: TestWorld, person: Person, name = 'Birds'): Promise<string> => {
  const input = { name, idempotencyKey: randomUUID() }
  const answer = await world
    .as(person)
    .query('mutation ($input: CreateProjectInput!) { createProject(input: $input) { id } }', { input })
  return accepted(answer).createProject.id
}

/** A step of a workflow as a client writes it. */
export type GivenStep = Record<string, unknown> & { name: string; operation: string }

/** A new workflow of a person that does the given steps; answers its id. */
export const newWorkflow = async (
  world: TestWorld,
  person: Person,
  steps: readonly GivenStep[] = [{ name: 'look', operation: '{ me { id } }' }],
  project?: string,
): Promise<string> => {
  const input = { name: 'Steps', project, steps, idempotencyKey: randomUUID() }
  const answer = await world
    .as(person)
    .query('mutation ($input: DefineWorkflowInput!) { defineWorkflow(input: $input) { id } }', { input })
  return accepted(answer).defineWorkflow.id
}

/** Starts a run; answers its id. */
export const startRun = async (
  world: TestWorld,
  person: Person,
  workflow: string,
  input: Record<string, unknown> = {},
  idempotencyKey: string = randomUUID(),
): Promise<string> => {
  const answer = await world
    .as(person)
    .query('mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { id } }', {
      input: { workflow, input, idempotencyKey },
    })
  return accepted(answer).startWorkflow.id
}

/** A run of a person that nobody works on, in a state of its own. */
export const newRun = async (
  world: TestWorld,
  person: Person,
  state: { status?: 'RUNNING' | 'STUCK' } = {},
): Promise<string> => {
  const id = await startRun(world, person, await newWorkflow(world, person))
  if (state.status === 'STUCK') {
    const client = await world.hosted().platform.relational()
    await client.workflowRun.update({
      where: { id },
      data: { status: 'STUCK', dueAt: null, failureReason: 'The step "look" could not be undone.' },
    })
  }
  return id
}
