/** Dependencies point inward (docs/adr/0001). Each rule names what it protects. */
module.exports = {
  forbidden: [
    {
      name: 'domain-knows-nobody',
      comment: 'the model must be usable and testable without any store, engine or framework',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^src/(?!domain/)' },
    },
    {
      name: 'domain-packages',
      comment: 'the only packages that the model may use: validation, exact numbers, ids',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional'],
        pathNot: 'node_modules/(class-validator|decimal\\.js|uuid)/',
      },
    },
    {
      name: 'migrations-know-domain-only',
      comment: 'plans are made of the model; stores and engine reach them through contracts',
      severity: 'error',
      from: { path: '^src/migrations/' },
      to: { path: '^src/(infrastructure|runner|cutover)/' },
    },
    {
      name: 'plans-are-independent',
      comment: 'a plan never reaches into another one',
      severity: 'error',
      from: { path: '^src/migrations/(?!contract/)([^/]+)/' },
      to: { path: '^src/migrations/(?!contract/)([^/]+)/', pathNot: '^src/migrations/$1/' },
    },
    {
      name: 'steps-never-import-steps',
      comment: 'what a step needs of another one it finds in the tables',
      severity: 'error',
      from: { path: '\\.step\\.ts$' },
      to: { path: '\\.step\\.ts$' },
    },
    {
      name: 'infrastructure-implements-ports',
      comment: 'adapters know the ports of runner and cutover, never the engine or the command line',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: {
        path: '^src/(runner/(?!ports/)|cutover/(?!phases/phase(-store)?\\.ts$|dual-writes/(discrepancies|two-models)\\.ts$)|migrations/(?!contract/))',
      },
    },
    {
      name: 'engine-knows-no-adapter',
      comment: 'only the composition root sees adapters',
      severity: 'error',
      from: { path: '^src/runner/', pathNot: '^src/runner/(composition/|index\\.ts$)' },
      to: { path: '^src/infrastructure/' },
    },
    {
      name: 'engine-knows-no-plan',
      comment: 'a sixth plan is a folder; only the composition root lists plans',
      severity: 'error',
      from: { path: '^src/runner/', pathNot: '^src/runner/composition/' },
      to: { path: '^src/migrations/(?!contract/)' },
    },
    {
      name: 'cutover-knows-no-adapter',
      comment:
        'phases and dual writes run inside the application, on ports; the door puts adapters behind them',
      severity: 'error',
      from: { path: '^src/cutover/(phases|dual-writes)/' },
      to: {
        path: '^src/(infrastructure/|migrations/(?!contract/)|runner/(?!ports/)|handler/|plan/|cutover/[^/]+\\.ts$)',
      },
    },
    {
      name: 'the-cutover-door-is-for-applications',
      comment: 'waybill/cutover; in here everybody names what is behind it',
      severity: 'error',
      from: { path: '^src/(?!cutover/)' },
      to: { path: '^src/cutover/[^/]+\\.ts$' },
    },
    {
      name: 'nobody-knows-the-kit',
      comment: 'the conformance kit is put around the engine from outside, like the command line',
      severity: 'error',
      from: { path: '^src/(?!conformance/)' },
      to: { path: '^src/conformance/' },
    },
    {
      name: 'the-kit-works-in-memory',
      comment: 'it tries any plan, on no table but those that it makes',
      severity: 'error',
      from: { path: '^src/conformance/' },
      to: {
        path: '^src/(infrastructure/(?!(memory|journal|lease|dry-run)/)|migrations/(?!contract/)|runner/(cli|composition)/|cutover/)',
      },
    },
    {
      name: 'the-plan-door-is-a-list',
      comment: 'waybill/plan only names what plans outside of the package are made of',
      severity: 'error',
      from: { path: '^src/plan/' },
      to: { path: '^src/(runner/|conformance/|cutover/|infrastructure/(?!persistence/))' },
    },
    {
      name: 'nobody-knows-the-function',
      comment: 'the function handler is a second door to the application, beside the command line',
      severity: 'error',
      from: { path: '^src/(?!handler/)' },
      to: { path: '^src/handler/' },
    },
    {
      name: 'the-function-is-a-door',
      comment:
        'it asks the application like the command line does, and knows neither engine nor command line',
      severity: 'error',
      from: { path: '^src/handler/' },
      to: {
        path: '^src/(domain|infrastructure|migrations|cutover|conformance|plan)/|^src/runner/(?!(ports|composition|reports)/|application\\.ts$)',
      },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle is two modules that are really one',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'an import that resolves to nothing escapes every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
