import { expect, test } from 'vitest';
import type { Remedy } from '../../aws/quotas/remedies.ts';
import { type QuotaId, quotaFact, quotaIds } from '../../aws/quotas/table.ts';

const head = `# Quota ids

A quota has one id: in headroom (\`quotaId\`), in the bottleneck named by a search, in the local target's refusals (\`decisions.ndjson\`,
the metric \`QuotaRefusals\`), in \`loadline storm\`, in \`--quota\` and the plan's \`quotas\`, and in \`--limit\` and a limits file. There a token bucket has
\`ratePerSecond\` and \`burst\`, and a time ends in its unit (\`webSocketIdleMs\`). \`--quota\` and the plan take a Service Quotas code as well.

Scales: how the local target's default follows \`quotaScale\` (rate, count) or \`timeScale\` (time). Read 2026-11. Made of \`aws/quotas/\` by
\`npx vitest run test/docs -u\`.

Moved by: how the limit is moved, or the load kept below it. A law is raised with the quota that it follows; "not at all" leaves another design.

| Id | AWS's name | Code | Default | Burst | Each | Moved by | Scales |
| --- | --- | --- | --- | --- | --- | --- | --- |
`;

const number = (value: number) => value.toLocaleString('en-US');

function movedBy(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'raise': {
      const each = remedy.perUnit === 1 ? '' : `, ${remedy.perUnit} for each unit`;
      return remedy.code === null ? 'a support case' : `raising ${remedy.code}${each}`;
    }
    case 'set':
      return `setting ${remedy.setting}${remedy.most === null ? '' : `, up to ${number(remedy.most)}`}`;
    case 'redesign':
      return 'not at all';
  }
}

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
    movedBy(fact.remedies[0]),
    fact.scales === 'connectionTime' ? 'time' : (fact.scales ?? ''),
  ];
  return `| ${cells.join(' | ')} |\n`.replace(/\[([^\]]*)\]\((?!https:)[^)]*\)/, '$1');
}

test('docs/reference/quota-ids.md is the table of aws/quotas', async () => {
  await expect(head + quotaIds.map(line).join('')).toMatchFileSnapshot('../../docs/reference/quota-ids.md');
});

test('each code belongs to one quota', () => {
  const codes = quotaIds.flatMap((id) => [quotaFact(id).code, quotaFact(id).burstCode]).filter((code) => code !== null);
  expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted());
});
