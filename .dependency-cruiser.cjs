// Arrows point one way: gateway → runtime; subgraphs → kit → stores → runtime; web → schema.
const production = { pathNot: '\\.test\\.tsx?$|/test(ing)?/' }

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'The one package that is left out holds types only: there is no file to find.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
    {
      name: 'runtime-stands-alone',
      comment: 'Everything stands on the runtime; it stands on nothing of ours.',
      severity: 'error',
      from: { path: '^infra/runtime/' },
      to: { path: '^(gateway|subgraphs|schema|web|infra/(?!runtime/))' },
    },
    {
      name: 'stores-stand-on-the-runtime',
      severity: 'error',
      from: { path: '^infra/stores/' },
      to: { path: '^(gateway|subgraphs|schema|web|infra/(commands|e2e)/)' },
    },
    {
      name: 'engine-stands-alone',
      comment: 'It runs plans of any supergraph, for whoever sends its requests.',
      severity: 'error',
      from: { path: '^gateway/engine/' },
      to: { path: '^(gateway/(?!engine/)|subgraphs|schema|web|infra)' },
    },
    {
      name: 'gateway-stands-on-the-runtime',
      comment:
        'The gateway knows subgraphs only through the supergraph. Of the stores it has limits, and nothing else.',
      severity: 'error',
      from: { path: '^gateway/', ...production },
      to: { path: '^(subgraphs|schema|web|infra/(stores/(?!src/limits/)|commands|e2e)/)' },
    },
    {
      name: 'services-know-the-kit-only',
      comment: 'Services never import each other: only keys, events and calls through the graph cross.',
      severity: 'error',
      from: { path: '^subgraphs/([a-z]+)/', ...production },
      to: { path: '^(gateway|schema|web|infra/(commands|e2e)/|subgraphs/(?!_kit/|\\.generated/|$1/))' },
    },
    {
      name: 'kit-knows-no-service',
      severity: 'error',
      from: { path: '^subgraphs/_kit/', ...production },
      to: { path: '^(gateway|schema|web|infra/(commands|e2e)/|subgraphs/([a-z]+|_host)/)' },
    },
    {
      name: 'nothing-imports-the-host',
      severity: 'error',
      from: { path: '^(gateway|schema|web|infra/(runtime|stores)/|subgraphs/([a-z]+|_kit)/)', ...production },
      to: { path: '^subgraphs/_host/' },
    },
    {
      name: 'web-knows-the-schema-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(gateway|subgraphs|infra)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.generated/prisma)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
