import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploymentWith } from '../capacity/example-stack.fixture.ts';
import { type ProfileRecord, profileFileName, writeProfile } from '../record/profile.ts';
import { exampleProfile } from './example-profile.fixture.ts';
import { newestProfile } from './last-profile.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loadline-profiles-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const idOf = (day: number) => `2026110${day}T000000Z-000${day}`;
const write = async (day: number, profile: ProfileRecord) => {
  mkdirSync(join(root, idOf(day)));
  await writeProfile(join(root, idOf(day)), { ...profile, profileId: idOf(day) });
};

test('the newest profile whose phases are all valid; newer ones are named, with why they are not used', async () => {
  await write(1, exampleProfile());
  await write(2, exampleProfile(['ok', 'sloBroken']));
  await write(3, exampleProfile(['ok', 'invalid']));
  mkdirSync(join(root, idOf(4)));
  writeFileSync(join(root, idOf(4), profileFileName), '{');
  const { profile, skipped } = await newestProfile({ root });
  expect(profile?.profileId).toBe(idOf(2));
  expect(skipped).toEqual([
    { runId: idOf(4), why: 'not readable' },
    { runId: idOf(3), why: 'invalid' },
  ]);
});

test('of another stack’s nothing is said, valid or not', async () => {
  const other = { deployment: deploymentWith({ region: 'eu-west-1' }) };
  await write(1, exampleProfile(['ok']));
  await write(2, exampleProfile(['ok'], other));
  await write(3, exampleProfile(['invalid'], other));
  const { profile, skipped } = await newestProfile({ root, isOfStack: ({ region }) => region === 'us-east-1' });
  expect([profile?.profileId, skipped]).toEqual([idOf(1), []]);
});

test('without a folder of profiles there is none', async () => {
  expect(await newestProfile({ root: join(root, 'nowhere') })).toEqual({ profile: null, skipped: [] });
});
