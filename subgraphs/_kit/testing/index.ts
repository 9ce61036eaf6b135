/** What tests of services stand on. */
export { testConformance } from './conformance.ts'
export type { ConformanceCases } from './conformance.ts'
export { freePortOffset } from './ports.ts'
export { prepareProcess } from './process.ts'
export type { TestProcess } from './process.ts'
export { startWorld } from './world.ts'
export type { TestWorld } from './world.ts'
export type { Answer, LiveStream, TestClient } from './client.ts'
