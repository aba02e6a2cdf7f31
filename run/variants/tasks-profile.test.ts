import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploymentOfService } from '../../capacity/servers/service-quotas.ts';
import { type ProfileRecord, writeProfile } from '../../record/profile.ts';
import { referenceService } from '../../scenarios/reference/service.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { exampleProfile } from '../example-profile.fixture.ts';
import { checkProfile } from '../request/given-profile.ts';
import { tasksProfileFor } from './tasks-profile.ts';

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'loadline-tasks-profile-'));
  for (const profile of [
    ofTasks('20261121T180726Z-0001', 'postgres'),
    ofTasks('20261122T180726Z-0002', 'dynamodb'),
    exampleProfile(['ok'], { profileId: '20261123T180726Z-0003' }),
  ]) {
    const folder = join(root, profile.profileId);
    mkdirSync(folder);
    await writeProfile(folder, profile);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const cost = (value: number) => ({ kind: 'value' as const, value, margin: null, units: 100 });

function ofTasks(profileId: string, store: 'dynamodb' | 'postgres'): ProfileRecord {
  const settings = parseSettings({ compute: 'server', store });
  return exampleProfile(['ok'], {
    ...{ profileId, settings, deployment: deploymentOfService('us-east-1', referenceService(settings)) },
    service: {
      ...{ id: 'service', tasks: 2, baseBytes: 100e6, idleCpuMsPerSecond: 1 },
      bytesPerConnection: cost(store === 'postgres' ? 30_000 : 20_000),
    },
    figures: [{ service: 'ecs', resource: 'service', figure: 'cpuMs', mixed: null, costs: { message: cost(0.2) } }],
  });
}

const tasks = (store: 'dynamodb' | 'postgres') => ({ compute: 'server', store }) as const;

test('a run of tasks takes the profile of its store, though another one is newer, and one of functions takes none', async () => {
  const profile = await tasksProfileFor(tasks('postgres'), undefined, root);
  expect(profile).toMatchObject({ profileId: '20261121T180726Z-0001', on: 'local' });
  expect(profile?.costs.bytesPerConnection.mid).toBe(30_000);
  expect(profile?.costs.cpuSeconds.message.mid).toBeCloseTo(2e-4, 12);
  expect((await tasksProfileFor(tasks('dynamodb'), undefined, root))?.profileId).toBe('20261122T180726Z-0002');
  expect(await tasksProfileFor({ compute: 'lambda', store: 'dynamodb' }, undefined, root)).toBeNull();
  expect(await tasksProfileFor(tasks('dynamodb'), undefined, join(root, 'none'))).toBeNull();
});

test('the profile that is named comes before the newest, and is to be one of tasks', async () => {
  const named = ofTasks('named', 'postgres');
  expect((await tasksProfileFor(tasks('dynamodb'), named, root))?.profileId).toBe('named');
  const { service: _, ...withoutTasks } = named;
  await expect(tasksProfileFor(tasks('dynamodb'), withoutTasks, root)).rejects.toThrow(
    '--profile is named, which did not measure what tasks use: leave it out',
  );
});

test('a profile of tasks is not one of functions, nor the other way round', () => {
  const target = { kind: 'local', settings: parseSettings(), seed: 1 } as const;
  const check = (profile: ProfileRecord, compute: 'lambda' | 'server') => () =>
    checkProfile(profile, target, { compute });
  expect(check(ofTasks('one', 'dynamodb'), 'lambda')).toThrow(
    '--profile is of a service of tasks, and the settings are of functions (compute: lambda)',
  );
  expect(check(exampleProfile(), 'server')).toThrow(
    '--profile is of functions, and the settings are of a service of tasks (compute: server)',
  );
  expect(check(ofTasks('one', 'dynamodb'), 'server')).not.toThrow();
});
