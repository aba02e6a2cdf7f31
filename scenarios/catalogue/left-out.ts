/** What Loadline installs Artillery without: package.json's overrides, docs/adr/0025. A script that needs it is refused before anything starts. */
type Keyed = Record<string, unknown>;
const isKeyed = (value: unknown): value is Keyed =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface LeftOut {
  path: (string | number)[];
  sentence: string;
}

/** The first places of a script that need it. */
export function leftOutParts({ config, scenarios }: { config: Keyed; scenarios: readonly unknown[] }): LeftOut[] {
  const browser = scenarios.flatMap((scenario, n): LeftOut[] =>
    isKeyed(scenario) && scenario.engine === 'playwright'
      ? [
          {
            path: ['scenarios', n, 'engine'],
            sentence: 'Loadline installs Artillery without its browser: leave out "engine: playwright".',
          },
        ]
      : [],
  );
  const reporters = isKeyed(config.plugins) ? config.plugins['publish-metrics'] : undefined;
  const datadog = (Array.isArray(reporters) ? (reporters as unknown[]) : []).flatMap((reporter, n): LeftOut[] =>
    isKeyed(reporter) && reporter.type === 'datadog'
      ? [
          {
            path: ['config', 'plugins', 'publish-metrics', n, 'type'],
            sentence: 'Loadline installs Artillery without its client of Datadog: use type open-telemetry or statsd.',
          },
        ]
      : [],
  );
  return [...browser, ...datadog];
}
