import { describeFlows } from './flows.ts'

describeFlows('each')
