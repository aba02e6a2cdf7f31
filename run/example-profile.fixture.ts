/** profile.json of the reference stack for tests, whose phases have the statuses that are given. */
import { deploymentWith } from '../capacity/example-stack.fixture.ts';
import { referenceGraph } from '../graph/reference.fixture.ts';
import { newProfile, type ProfileRecord } from '../record/profile.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';

type Trial = ProfileRecord['trials'][number];

export const exampleProfile = (
  statuses: readonly Trial['status'][] = ['ok', 'ok'],
  change: Partial<ProfileRecord> = {},
): ProfileRecord => {
  const kinds: readonly Trial['kind'][] = ['connections', 'message', 'webhook'];
  return {
    ...newProfile,
    ...{ profileId: '20261121T180726Z-3f9a', loadlineVersion: '0.1.0', scenario: 'sync', planFile: 'plan.yml' },
    ...{ startedAt: '2026-11-21T18:07:26Z', endedAt: '2026-11-21T18:17:26Z' },
    workload: exampleRun().workload,
    target: { kind: 'local', region: 'us-east-1' },
    ...{ graph: referenceGraph(), deployment: deploymentWith() },
    ...{ figures: [], messageRoute: null, functions: [], frameBytes: 100, answeredShare: 1 },
    trials: statuses.map((status, n) => ({ kind: kinds[n] ?? 'mixed', folder: `trials/${n}`, status })),
    ...change,
  };
};
