/** A person, as other services' entities are: by key only. */
export type UserRecord = { id: string }

export type ProjectRole = 'OWNER' | 'MAINTAINER' | 'MEMBER'

/** A project as one caller sees it. */
export type ProjectRecord = {
  id: string
  ownerId: string
  name: string
  description: string | null
  createdAt: Date
  /** What the caller is in it; null for a stranger. */
  viewerRole: ProjectRole | null
}

export type MemberRow = { projectId: string; userId: string; role: ProjectRole; createdAt: Date }

/** What undoes a step. */
export type WorkflowCompensationRecord = { operation: string; variables: unknown }

/** A step as it was defined: documents and templates, checked against the graph. */
export type WorkflowStepRecord = {
  name: string
  operation: string
  variables: unknown
  attempts: number
  timeoutSeconds: number
  compensation: WorkflowCompensationRecord | null
}

/** A workflow as one caller sees it. */
export type WorkflowRecord = {
  id: string
  /** Null for those that come with the system. */
  ownerId: string | null
  projectId: string | null
  name: string
  description: string | null
  steps: WorkflowStepRecord[]
  createdAt: Date
  deletedAt: Date | null
  /** What the caller is in its project; null for a stranger, and without a project. */
  viewerRole: ProjectRole | null
}

export type WorkflowRunStatus = 'RUNNING' | 'SUCCEEDED' | 'COMPENSATING' | 'FAILED' | 'CANCELLED' | 'STUCK'

export type WorkflowRunRecord = {
  id: string
  workflowId: string
  name: string
  ownerId: string
  roles: string[]
  status: WorkflowRunStatus
  input: unknown
  cancelRequested: boolean
  failureReason: string | null
  /** Counts its changes. */
  revision: number
  createdAt: Date
  finishedAt: Date | null
}

export type WorkflowStepStatus =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'COMPENSATING'
  | 'COMPENSATED'
  | 'COMPENSATION_FAILED'

export type WorkflowRunStepRecord = {
  runId: string
  position: number
  name: string
  definition: WorkflowStepRecord
  status: WorkflowStepStatus
  attempts: number
  output: unknown
  errorCode: string | null
  errorMessage: string | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** What was asked for under an idempotency key. */
export type CodaiRequest = {
  actor: string
  key: string
  operation: string
  contentHash: string
  /** The id of what comes of it. */
  resultId: string
  createdAt: Date
}
