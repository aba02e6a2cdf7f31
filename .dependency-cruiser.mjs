// The arrows of the design, checked: scripts → everything; what is pure stays pure.
const may = (from, ...to) => ({
  name: `${from}-may-import-only-${to.join('-') || 'itself'}`,
  comment: `${from}/ may import only itself${to.length ? ` and ${to.join(', ')}` : ''}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(aws|client|graph|template|stack|handlers|local|scenarios|engine|record|metrics|run|history|capacity|reports|scripts|bench|test)/',
    pathNot: [`^${from}/`, ...to.map((folder) => `^${folder}`)],
  },
});
const tests = '\\.test\\.ts$';

export default {
  forbidden: [
    may('aws'),
    // A page pays for every byte of it: what it shares with the stack is docs/reference/protocol.md.
    may('client'),
    may('graph'),
    may('stack'),
    may('handlers'),
    may('template'),
    // Folders of logs are as private as those of runs, and made in the same way.
    may('local', 'aws/', 'graph/', 'template/', 'record/private-folder.ts'),
    // scenarios/catalogue checks scenarios by the engine's own rules.
    may('scenarios', 'aws/', 'capacity/', 'record/', 'engine/'),
    // run.json holds the plan; the workload, which is the numbers of a step; how a local target differs from AWS.
    may(
      'record',
      'stack/target.ts',
      'graph/model.ts',
      'local/model.ts',
      'engine/src/records.ts',
      'engine/src/buckets.ts',
      'engine/src/sealed-line.ts',
      'engine/src/step/',
      'capacity/demand/plan.ts',
      'capacity/demand/coefficients-schema.ts',
      'capacity/headroom/deployment.ts',
    ),
    may(
      'run',
      'aws/',
      'graph/',
      'stack/',
      'local/',
      // Its bundle is what the demo's page runs.
      'client/bundle.ts',
      'scenarios/',
      'engine/',
      'record/',
      'metrics/',
      'capacity/',
      'history/',
      'reports/',
    ),
    may('engine'),
    // The client's record format and bucket layout have one owner: the engine.
    may(
      'metrics',
      'graph/',
      'record/',
      'stack/target.ts',
      'engine/src/records.ts',
      'engine/src/buckets.ts',
      'engine/src/sealed-line.ts',
    ),
    may('capacity', 'aws/', 'graph/'),
    may('history', 'capacity/', 'record/json-file.ts', 'record/private-folder.ts'),
    may(
      'reports',
      'aws/',
      'graph/',
      'capacity/',
      'history/',
      'record/',
      'metrics/',
      'engine/src/buckets.ts',
      'engine/src/records.ts',
    ),
    {
      name: 'aws-graph-and-capacity-are-pure',
      comment:
        'aws/, graph/ and capacity/ do no I/O and depend on no package, but for the schemas of the graph and of the usage plan (zod)',
      severity: 'error',
      from: {
        path: '^(aws|graph|capacity)/',
        pathNot: [
          tests,
          '^graph/(api-)?model.ts$',
          '^capacity/demand/(plan|plan-parts|coefficients-schema).ts$',
          '^capacity/headroom/deployment.ts$',
        ],
      },
      to: { dependencyTypesNot: ['local'] },
    },
    {
      name: 'domain-of-the-handlers-is-pure',
      comment: 'handlers/domain imports neither adapters nor functions, and not the AWS SDK',
      severity: 'error',
      from: { path: '^handlers/domain/', pathNot: tests },
      to: { path: '^handlers/(adapters|functions|testing)/|@aws-sdk/' },
    },
    {
      name: 'packages-of-local',
      comment: 'the packages that AWS on this machine is made of, and what SAM bundles with: no other',
      severity: 'error',
      from: { path: '^local/', pathNot: ['^local/testing/', '\\.(test|fixture)\\.ts$'] },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(@types/)?(ajv|dynalite|esbuild|fauxqs|httpxy|jose|velocityjs|ws|zod|@smithy/core)/',
      },
    },
    {
      name: 'local-has-one-entry',
      comment:
        'what the product uses of local/ is in its entry, start.ts, and in model.ts and gateway-processes.ts; tests and benches may look inside',
      severity: 'error',
      from: { pathNot: ['^(local|test|bench)/', '\\.(test|fixture)\\.ts$'] },
      to: { path: '^local/', pathNot: '^local/(start|model|gateway-processes).ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\./)?(engine/)?dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
