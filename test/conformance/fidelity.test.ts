import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderFidelity, unproven } from './fidelity.ts';
import { fidelityPath, readTemplate } from './fidelity-file.ts';
import { readFacts } from './read-rows.ts';
import { isChecked } from './row.ts';
import type { CaseResult } from './run-cases.ts';
import { readSettings } from './settings-of-limits.ts';

const facts = readFacts();
/** As shown by conformance.integration.test.ts and the command: every case passes. If one does not, that suite fails. */
const allPassed: readonly CaseResult[] = facts.rows
  .filter(isChecked)
  .map(({ id }) => ({ row: id, kind: 'passed', tookMs: 1 }));
const render = (results: readonly CaseResult[]) =>
  renderFidelity({ facts, results, settings: readSettings(), template: readTemplate() });

describe('local/FIDELITY.md', () => {
  test('is up to date: run `node test/conformance/main.ts --write-fidelity`', () => {
    expect(readFileSync(fidelityPath, 'utf8')).toBe(render(allPassed));
  });

  test('is not written if a case failed, did not run, or does not exist', () => {
    const [first, second, third, ...rest] = allPassed.map(({ row }) => row);
    const results: CaseResult[] = [
      { row: first ?? '', kind: 'failed', tookMs: 1, reason: 'expected 101, got 502' },
      { row: second ?? '', kind: 'notRun', reason: 'slow' },
      ...rest.map((row): CaseResult => ({ row, kind: 'passed', tookMs: 1 })),
    ];
    expect(unproven(facts.rows, results)).toEqual([
      `${first} claims a case that failed: expected 101, got 502`,
      `${second} claims a case that did not run: slow`,
      `${third} claims a case that does not exist`,
    ]);
    expect(() => render(results)).toThrow(`FIDELITY.md would make false claims. ${first} claims`);
  });

  test('lists every row once, and every setting with its default', () => {
    const page = render(allPassed);
    for (const { row } of facts.rows) expect(page).toContain(`| ${row.replaceAll('|', '\\|')} |`);
    for (const { name, default: value } of readSettings()) expect(page).toContain(`| \`${name}\` | ${value} |`);
  });

  test('describes every setting', () => {
    expect(readSettings().filter(({ says }) => says === '')).toEqual([]);
  });

  test('has no placeholder left', () => {
    expect(render(allPassed)).not.toContain('{{');
  });
});
