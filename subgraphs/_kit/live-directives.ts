/**
 * What a service says of its streams and fields, so that the gateway may serve many clients with one stream
 * (infra/decisions: shared streams). The directives reach the supergraph by `@composeDirective`; clients do not see them.
 */
export const liveDefinitions = `
extend schema
  @link(url: "https://specs.codai.ro/live/v1.0", import: ["@live", "@sameForEveryone"])
  @federation__composeDirective(name: "@live")
  @federation__composeDirective(name: "@sameForEveryone")

"""
On a subscription's field: who subscribes later may join a stream that is under way. Without arguments, each event
stands for itself, and nothing comes before the first.
"""
directive @live(
  """
  Fields of the event that say what it is the whole state of, such as "symbol": the newest event of each is all there is
  to know, whatever came before it.
  """
  stateOf: String
  """
  An Int field that numbers the events: the first event of a stream is a whole state, one that is one up on the event
  before is a change of it, and any other is a whole state again.
  """
  sequence: String
) on FIELD_DEFINITION

"""
The value is the same for everyone who may see the object, whoever asks. On a type: all fields that are written there.
"""
directive @sameForEveryone on FIELD_DEFINITION | OBJECT
`
