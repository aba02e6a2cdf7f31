import { expect, test } from 'vitest';
import type { QuotaFact } from '../../aws/quotas/quota.ts';
import { type QuotaId, quotaFact, quotaIds } from '../../aws/quotas/table.ts';

const head = `# Quota ids

A quota has one id: in headroom (\`quotaId\`), in the bottleneck named by a search, in the local target's refusals (\`decisions.ndjson\`,
the metric \`QuotaRefusals\`), in \`loadline storm\`, in \`--quota\` and the plan's \`quotas\`, and in \`--limit\` and a limits file. There a token bucket has
\`ratePerSecond\` and \`burst\`, and a time ends in its unit (\`webSocketIdleMs\`). \`--quota\` and the plan take a Service Quotas code as well.

Scales: how the local target's default follows \`quotaScale\` (rate, count) or \`timeScale\` (time). Read 2026-11. Made of \`aws/quotas/\` by
\`npx vitest run test/docs -u\`.

| Id | AWS's name | Code | Default | Burst | Each | Adjustable | Scales |
| --- | --- | --- | --- | --- | --- | --- | --- |
`;

const number = (value: number) => value.toLocaleString('en-US');
const adjustable: Record<QuotaFact['adjustable'], string> = { yes: 'yes', no: 'no', setting: 'set in the stack' };

function line(id: QuotaId): string {
  const fact = quotaFact(id);
  const code = fact.code === null ? '' : fact.burstCode === null ? fact.code : `${fact.code}, burst ${fact.burstCode}`;
  const cells = [
    `\`${id}\``,
    `[${fact.name}](${fact.source})`,
    code,
    fact.default === 0 ? 'as configured' : `${number(fact.default)} ${fact.unit}`,
    fact.burst === null ? '' : number(fact.burst),
    fact.per,
    adjustable[fact.adjustable],
    fact.scales === 'connectionTime' ? 'time' : (fact.scales ?? ''),
  ];
  return `| ${cells.join(' | ')} |\n`.replace(/\[([^\]]*)\]\((?!https:)[^)]*\)/, '$1');
}

test('docs/quota-ids.md is the table of aws/quotas', async () => {
  await expect(head + quotaIds.map(line).join('')).toMatchFileSnapshot('../../docs/quota-ids.md');
});

test('each code belongs to one quota', () => {
  const codes = quotaIds.flatMap((id) => [quotaFact(id).code, quotaFact(id).burstCode]).filter((code) => code !== null);
  expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted());
});
