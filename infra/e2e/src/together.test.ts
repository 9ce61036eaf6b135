import { describeFlows } from './flows.ts'

describeFlows('together')
