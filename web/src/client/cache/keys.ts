import type { Data, KeyingConfig } from '@urql/exchange-graphcache'
import { nodeIn } from './lists.ts'

// Parts of other things, which have no identity of their own.
const embedded =
  `AccountActivity AccountConnection Candle CommentConnection FeedEvent Holding InstrumentConnection InstrumentEdge Mfa
  MfaChallenge Money OrderBookUpdate OrderConnection PageInfo PaymentConnection PaymentRuleConnection Portfolio Position
  PostActivity PostConnection PriceLevel RecoveryCodes RuleShare SessionConnection SessionEdge SignInSuccess Ticker
  TotpEnrollment TradeConnection TradeEdge WalletConnection CartLine CartPart CompletionEvent DeveloperAppConnection
  ApiKeyConnection EnrollmentConnection FacetCount InferenceConnection IssuedKey MemoryConnection PriceFacet
  ProductConnection ProductFacets PurchaseConnection PurchaseLine Quiz QuizQuestion QuizResult Recall ReviewConnection
  CourseConnection TrustedOperationConnection Usage UsageCount UsagePoint OperationUsage
  WorkflowCompensation WorkflowConnection WorkflowRunConnection WorkflowRunStep WorkflowStep WorkflowStepError`.split(
    /\s+/,
  )

// Our documents read nothing of these edges but the node, so the node tells them apart.
const nodeEdges = [
  'AccountEdge',
  'ApiKeyEdge',
  'CommentEdge',
  'CourseEdge',
  'DeveloperAppEdge',
  'EnrollmentEdge',
  'InferenceEdge',
  'MemoryEdge',
  'OrderEdge',
  'PaymentEdge',
  'PaymentRuleEdge',
  'PostEdge',
  'ProductEdge',
  'PurchaseEdge',
  'ReviewEdge',
  'TrustedOperationEdge',
  'WalletEdge',
  'WorkflowEdge',
  'WorkflowRunEdge',
]

/** A value that is text. */
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What tells things apart. */
export const keys: KeyingConfig = {
  ...Object.fromEntries(embedded.map((type) => [type, () => null])),
  ...Object.fromEntries(nodeEdges.map((type) => [type, (edge: Data) => nodeIn(edge['node'])?.id ?? null])),
  Instrument: (instrument) => text(instrument['symbol']),
  Certificate: (certificate) => text(certificate['number']),
  Topic: (topic) => text(topic['name']),
}
