/** A folder with usage plans, lists of quotas and what is neither, in which `loadline plan` runs. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const defaultPlanText = readFileSync(new URL('../../scenarios/plan.yml', import.meta.url), 'utf8');

/** Makes the folder; whoever calls it removes it. */
export function makePlanFolder(): string {
  // Without a runs/latest: coefficients are assumed.
  const folder = mkdtempSync(join(tmpdir(), 'loadline-plan-command-'));
  writeFileSync(join(folder, 'bad.yml'), 'users: -5\n');
  writeFileSync(join(folder, 'text.json'), 'hello');
  writeFileSync(join(folder, 'other.json'), '{ "x": 1 }');
  writeFileSync(join(folder, 'latin-1.yml'), Buffer.from('name: caf\xe9\n', 'latin1'));
  writeFileSync(join(folder, 'many.yml'), defaultPlanText.replace('users: 2000', 'users: 1e15'));
  writeFileSync(
    join(folder, 'forever.yml'),
    defaultPlanText
      .replace('growthPerMonth: 0.1', 'growthPerMonth: 0.5')
      .replace('horizonMonths: 12', 'horizonMonths: 60'),
  );
  writeFileSync(
    join(folder, 'furlongs.json'),
    JSON.stringify({ Quotas: [{ QuotaCode: 'L-E11F7D5D', Value: 32, Unit: 'Furlongs' }] }),
  );
  writeFileSync(
    join(folder, 'units.json'),
    JSON.stringify({
      Quotas: [
        { QuotaCode: 'L-E11F7D5D', Value: 32, Unit: 'Kilobytes' },
        { QuotaCode: 'L-A6CCE716', Value: 7_200, Unit: 'Seconds' },
        { QuotaCode: 'L-9ED1E49A', Value: 500, Unit: 'None' },
      ],
    }),
  );
  writeFileSync(
    join(folder, 'account.json'),
    JSON.stringify({ Quotas: [{ QuotaCode: 'L-B99A9384', QuotaName: 'Concurrent executions', Value: 50 }] }),
  );
  return folder;
}
