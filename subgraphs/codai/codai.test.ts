import { randomUUID } from 'node:crypto'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import logai from '../logai/subgraph.ts'
import { newProject, newRun, newWorkflow } from './people.fixture.ts'
import { demoProject, demoRun, demoWorkflow } from './seed.ts'
import codai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const tooLong = (length: number): string => 'x'.repeat(length + 1)
const key = (): string => randomUUID()

const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): { arguments: Record<string, unknown>; code: string }[] =>
  changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const inProject =
  (input: Record<string, unknown>) =>
  async (world: TestWorld): Promise<Record<string, unknown>> => ({
    input: { project: await newProject(world, ada), ...input },
  })

const project = { name: 'Birds', services: ['bancai'] }
const step = { name: 'look', operation: 'query { me { id } }' }
const workflow = { name: 'Look', steps: [step] }
const start = {
  workflow: demoWorkflow,
  input: { helper: '@bob', from: demoAccounts.ada.EUR, to: demoAccounts.bob.EUR, amount: '1' },
}

testConformance(
  codai,
  {
    entities: {
      User: { keys: [{ id: ada.id }] },
      Service: { keys: [{ name: 'bancai' }] },
      Project: { keys: [{ id: demoProject }], visibleTo: ada },
      Workflow: { keys: [{ id: demoWorkflow }], visibleTo: ada },
      WorkflowRun: { keys: [{ id: demoRun }], visibleTo: ada },
    },
    mutations: {
      createProject: {
        arguments: { input: { ...project, idempotencyKey: 'conformance' } },
        stranger: 'OWN',
        bad: bad({ ...project, idempotencyKey: 'bad' }, [
          [{ name: ' ' }, 'BAD_USER_INPUT'],
          [{ name: tooLong(80) }, 'BAD_USER_INPUT'],
          [{ name: 'a\0b' }, 'BAD_USER_INPUT'],
          [{ description: tooLong(1_000) }, 'BAD_USER_INPUT'],
          [{ services: ['nothing'] }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
        ]),
      },
      changeProject: {
        arguments: inProject({ name: 'Beetles', description: '' }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject }, [
          [{ name: '' }, 'BAD_USER_INPUT'],
          [{ description: tooLong(1_000) }, 'BAD_USER_INPUT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
          [{ project: '\0' }, 'NOT_FOUND'],
        ]),
      },
      deleteProject: {
        arguments: async (world) => ({ project: await newProject(world, ada) }),
        stranger: 'NOT_FOUND',
        bad: [{ arguments: { project: 'nothing' }, code: 'NOT_FOUND' }],
      },
      setProjectMember: {
        arguments: inProject({ user: carol.id }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject, user: carol.id }, [
          [{ role: 'OWNER' }, 'BAD_USER_INPUT'],
          [{ user: 'nobody' }, 'NOT_FOUND'],
          [{ user: '\0' }, 'NOT_FOUND'],
          [{ user: ada.id }, 'CONFLICT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      removeProjectMember: {
        arguments: inProject({ user: carol.id }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject, user: bob.id }, [
          [{ user: ada.id }, 'CONFLICT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      transferProject: {
        arguments: inProject({ user: ada.id }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject, user: bob.id }, [
          [{}, 'BAD_USER_INPUT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      addProjectService: {
        arguments: inProject({ service: 'wallet' }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject, service: 'x' }, [
          [{ service: 'nothing' }, 'BAD_USER_INPUT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      removeProjectService: {
        arguments: inProject({ service: 'wallet' }),
        stranger: 'NOT_FOUND',
        bad: bad({ project: demoProject, service: 'x' }, [[{ service: 'nothing' }, 'BAD_USER_INPUT']]),
      },
      defineWorkflow: {
        arguments: async (world) => ({
          input: { ...workflow, project: await newProject(world, ada), idempotencyKey: key() },
        }),
        stranger: 'NOT_FOUND',
        bad: bad({ ...workflow, idempotencyKey: 'bad workflow' }, [
          [{ name: '' }, 'BAD_USER_INPUT'],
          [{ description: tooLong(1_000) }, 'BAD_USER_INPUT'],
          [{ project: 'nothing' }, 'NOT_FOUND'],
          [{ steps: [] }, 'BAD_USER_INPUT'],
          [{ steps: Array.from({ length: 21 }, (_, index) => ({ ...step, name: `s${index}` })) }, 'BAD_USER_INPUT'],
          [{ steps: [step, step] }, 'BAD_USER_INPUT'],
          [{ steps: [{ ...step, name: '1st' }] }, 'BAD_USER_INPUT'],
          [{ steps: [{ ...step, attempts: 0 }] }, 'BAD_USER_INPUT'],
          [{ steps: [{ ...step, timeoutSeconds: 61 }] }, 'BAD_USER_INPUT'],
          [{ steps: [{ ...step, operation: '{ nothing }' }] }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
        ]),
      },
      changeWorkflow: {
        arguments: async (world) => ({ input: { workflow: await newWorkflow(world, ada), steps: [step] } }),
        stranger: 'NOT_FOUND',
        bad: bad({ workflow: demoWorkflow }, [
          [{ name: '' }, 'BAD_USER_INPUT'],
          [{ steps: [] }, 'BAD_USER_INPUT'],
          [{ workflow: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      deleteWorkflow: {
        arguments: async (world) => ({ workflow: await newWorkflow(world, ada) }),
        stranger: 'NOT_FOUND',
        bad: [{ arguments: { workflow: 'nothing' }, code: 'NOT_FOUND' }],
      },
      startWorkflow: {
        arguments: async (world) => ({ input: { workflow: await newWorkflow(world, ada), idempotencyKey: key() } }),
        stranger: 'NOT_FOUND',
        bad: bad({ ...start, idempotencyKey: 'bad start' }, [
          [{ input: {} }, 'BAD_USER_INPUT'],
          [{ input: [] }, 'BAD_USER_INPUT'],
          [{ input: { ...start.input, more: tooLong(20_000) } }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ workflow: 'nothing' }, 'NOT_FOUND'],
        ]),
      },
      cancelWorkflowRun: {
        arguments: async (world) => ({ run: await newRun(world, ada) }),
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { run: demoRun }, code: 'CONFLICT' },
          { arguments: { run: 'nothing' }, code: 'NOT_FOUND' },
        ],
      },
      retryWorkflowRun: {
        arguments: async (world) => ({ run: await newRun(world, ada, { status: 'STUCK' }) }),
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { run: demoRun }, code: 'CONFLICT' },
          { arguments: { run: 'nothing' }, code: 'NOT_FOUND' },
        ],
      },
    },
    subscriptions: {
      workflowRun: { arguments: { id: demoRun }, stranger: 'NOT_FOUND' },
    },
  },
  { with: [logai] },
)
