import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse, print, visit } from 'graphql'
import type { DefinitionNode, DocumentNode } from 'graphql'

const federationLink = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@cost", "@listSize"]
)`

const referencedNames = (nodes: readonly DefinitionNode[]): Set<string> => {
  const names = new Set<string>()
  visit({ kind: Kind.DOCUMENT, definitions: nodes }, { NamedType: (node) => void names.add(node.name.value) })
  return names
}

/**
 * The whole document of a subgraph: its own `schema.graphql`, those of the shared value types that it uses
 * (`shared.graphql`), and the link to the federation specification.
 */
export const completeSdl = (own: string, shared: string): string => {
  const document = parse(own)
  const definitions: DefinitionNode[] = [...document.definitions]
  const candidates = parse(shared).definitions
  // A shared type may use another one (Money uses Decimal), so go on until nothing more is referenced.
  for (let added = true; added;) {
    const names = referencedNames(definitions)
    const next = candidates.filter(
      (node) => 'name' in node && node.name !== undefined && names.has(node.name.value) && !definitions.includes(node),
    )
    definitions.push(...next)
    added = next.length > 0
  }
  const complete: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [...parse(federationLink).definitions, ...definitions],
  }
  return print(complete)
}

/** Reads and completes the SDL of the service in a folder of `subgraphs/`. */
export const readSdl = (subgraphsFolder: string, name: string): string =>
  completeSdl(
    readFileSync(join(subgraphsFolder, name, 'schema.graphql'), 'utf8'),
    readFileSync(join(subgraphsFolder, '_kit', 'shared.graphql'), 'utf8'),
  )
