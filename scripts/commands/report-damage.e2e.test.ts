/**
 * `loadline report` on some hundreds of folders, each with one file mutated: every kind of mutation in every file. LOADLINE_FUZZ_ROUNDS and
 * LOADLINE_FUZZ_SEED make it more, and others.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import {
  expectSameOrRefused,
  makeRunFolders,
  mutate,
  mutations,
  type RunFolders,
  replacementsFrom,
} from './damage.fixture.ts';

const rounds = Number(process.env.LOADLINE_FUZZ_ROUNDS ?? 1);
const seed = Number(process.env.LOADLINE_FUZZ_SEED ?? 20_261_126);

let folders: RunFolders;
beforeAll(async () => {
  folders = await makeRunFolders();
});
afterAll(() => folders.remove());

test.each(['completed', 'interrupted', 'killed'] as const)(
  'of a run that was %s',
  { timeout: 900_000 },
  async (name) => {
    const random = seededRandom(seed);
    const { runs } = folders;
    let refused = 0;
    for (const file of readdirSync(runs[name]).filter((each) => statSync(join(runs[name], each)).isFile())) {
      const check = async (kind: string, damage: (folder: string) => void) => {
        const code = await expectSameOrRefused(folders, { name, damage, what: `${kind}: ${file}, seed ${seed}` });
        if (code !== 0) refused++;
      };
      for (const [kind, replace] of Object.entries(replacementsFrom(runs.other)))
        await check(kind, (folder) => replace(join(folder, file), file));
      for (let round = 0; round < rounds; round++)
        for (const [kind, mutation] of Object.entries(mutations))
          await check(kind, (folder) => mutate(join(folder, file), mutation, random));
    }
    expect(refused).toBeGreaterThan(20);
  },
);
