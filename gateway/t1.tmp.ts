import { composeDefinitions, FEATURES } from './test/fixtures/federation.ts'
composeDefinitions(FEATURES)
