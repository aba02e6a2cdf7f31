/** Each type of reports.ts, with the file of its schema. */
export const schemaFiles = {
  Report: { file: 'report.schema.json', title: 'report.json of a run' },
  PlanReport: { file: 'plan.schema.json', title: 'plan.json, and what `loadline plan --json` prints' },
  SearchReport: { file: 'search.schema.json', title: 'report.json of a search' },
  StormReport: { file: 'storm.schema.json', title: 'storm.json, and what `loadline storm --json` prints' },
  CompareReport: { file: 'compare.schema.json', title: 'compare.json, and what `loadline compare --json` prints' },
  ChooseReport: { file: 'choose.schema.json', title: 'choose.json, and what `loadline choose --json` prints' },
} as const;
