import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse, print, visit } from 'graphql'
import type { ConstDirectiveNode, DefinitionNode, DocumentNode, FieldDefinitionNode } from 'graphql'
import { liveDefinitions } from './live-directives.ts'

const federationLink = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@cost", "@listSize"]
)`

const referencedNames = (nodes: readonly DefinitionNode[]): Set<string> => {
  const names = new Set<string>()
  visit({ kind: Kind.DOCUMENT, definitions: nodes }, { NamedType: (node) => void names.add(node.name.value) })
  return names
}

const SAME_FOR_EVERYONE = 'sameForEveryone'

const isMarked = ({ directives }: { readonly directives?: readonly ConstDirectiveNode[] }): boolean =>
  (directives ?? []).some(({ name }) => name.value === SAME_FOR_EVERYONE)

/**
 * On a type, `@sameForEveryone` is short for all fields that the service writes there. It is put on each of them: other
 * services add fields of their own to the type, and must not have promised anything of those.
 */
const markFields = (document: DocumentNode): DocumentNode => {
  const marked = (fields: readonly FieldDefinitionNode[], marker: ConstDirectiveNode): FieldDefinitionNode[] =>
    fields.map((field) => (isMarked(field) ? field : { ...field, directives: [...(field.directives ?? []), marker] }))
  return {
    ...document,
    definitions: document.definitions.map((node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node
      const marker = node.directives?.find(({ name }) => name.value === SAME_FOR_EVERYONE)
      if (!marker) return node
      const directives = node.directives?.filter((directive) => directive !== marker) ?? []
      return { ...node, directives, fields: marked(node.fields ?? [], marker) }
    }),
  }
}

const usesLive = (document: DocumentNode): boolean => {
  let found = false
  visit(document, {
    Directive: ({ name }) => void (found ||= name.value === 'live' || name.value === SAME_FOR_EVERYONE),
  })
  return found
}

/**
 * The whole document of a subgraph: its own `schema.graphql`, those of the shared value types that it uses
 * (`shared.graphql`), and the links to the specifications of federation and, where it is used, of live streams.
 */
export const completeSdl = (written: string, shared: string): string => {
  const document = parse(written)
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
  const own = markFields({ kind: Kind.DOCUMENT, definitions })
  const links = usesLive(own) ? `${federationLink}\n${liveDefinitions}` : federationLink
  return print({ ...own, definitions: [...parse(links).definitions, ...own.definitions] })
}

/** Reads and completes the SDL of the service in a folder of `subgraphs/`. */
export const readSdl = (subgraphsFolder: string, name: string): string =>
  completeSdl(
    readFileSync(join(subgraphsFolder, name, 'schema.graphql'), 'utf8'),
    readFileSync(join(subgraphsFolder, '_kit', 'shared.graphql'), 'utf8'),
  )
