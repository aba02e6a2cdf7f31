/** local/FIDELITY.md from the table, the results and the settings. Pure; refuses any claim that no case has verified. */
import type { Facts } from './read-rows.ts';
import { type Area, areas, isChecked, type Row } from './row.ts';
import type { CaseResult } from './run-cases.ts';
import type { Setting } from './settings-of-limits.ts';

export interface FidelitySource {
  facts: Facts;
  results: readonly CaseResult[];
  settings: readonly Setting[];
  template: string;
}

/** Claims of the table that the results do not support, as sentences. */
export function unproven(rows: readonly Row[], results: readonly CaseResult[]): string[] {
  const resultOf = new Map(results.map((result) => [result.row, result]));
  return rows.filter(isChecked).flatMap(({ id }) => {
    const result = resultOf.get(id);
    if (result?.kind === 'passed') return [];
    if (result === undefined) return [`${id} claims a case that does not exist`];
    return [`${id} claims a case that ${result.kind === 'failed' ? 'failed' : 'did not run'}: ${result.reason}`];
  });
}

/** @throws if a row claims a case that did not pass. */
export function renderFidelity({ facts, results, settings, template }: FidelitySource): string {
  const { rows, sources, titles } = facts;
  const claims = unproven(rows, results);
  if (claims.length > 0) throw new Error(`FIDELITY.md would make false claims. ${claims.join('. ')}.`);
  const settingOf = new Map(settings.map((setting) => [setting.name, setting]));
  const byArea = (chosen: readonly Row[], table: (rows: readonly Row[]) => string): string =>
    areas
      .map((area): [Area, Row[]] => [area, chosen.filter((row) => row.area === area)])
      .filter(([, ofArea]) => ofArea.length > 0)
      .map(([area, ofArea]) => `### ${area}. ${titles.get(area)}\n\n${table(ofArea)}`)
      .join('\n\n');
  const of = (...kinds: readonly Row['check']['kind'][]) => rows.filter(({ check }) => kinds.includes(check.kind));
  const parts: Readonly<Record<string, string>> = {
    summary: summaryOf(rows),
    asOnAws: byArea(of('both', 'localOnly'), (ofArea) =>
      tableOf(
        ['Row', 'Expectation', 'Source', 'Confidence', 'Case', 'Checked'],
        ofArea.map((row) => [row.row, row.expectation, row.source, row.confidence, row.id, checkedOn(row)]),
      ),
    ),
    settingRows: tableOf(
      ['Row', 'Known behaviour, and behaviour here', 'Source', 'Confidence', 'Case', 'Setting', 'Default'],
      of('setting').map((row) => {
        const name = row.check.kind === 'setting' ? row.check.setting : '';
        return [
          row.row,
          row.expectation,
          row.source,
          row.confidence,
          row.id,
          `\`${name}\``,
          settingOf.get(name)?.default ?? '',
        ];
      }),
    ),
    settings: tableOf(
      ['Setting', 'Default', 'Description'],
      settings.map(({ name, default: value, says }) => [`\`${name}\``, value, says]),
    ),
    notModelled: tableOf(
      ['Area', 'Row', 'On AWS', 'Why not here'],
      of('notModelled').map((row) => [row.area, row.row, row.expectation, whyOf(row)]),
    ),
    facts: tableOf(
      ['Area', 'Row', 'On AWS', 'Why there is no check'],
      of('fact').map((row) => [row.area, row.row, row.expectation, whyOf(row)]),
    ),
    sources: tableOf(['Key', 'Source'], [...sources]),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`The template of FIDELITY.md has an unknown placeholder ${placeholder}.`);
    return part;
  });
}

function summaryOf(rows: readonly Row[]): string {
  const count = (...kinds: readonly Row['check']['kind'][]) =>
    rows.filter(({ check }) => kinds.includes(check.kind)).length;
  return `Of ${rows.length} facts about AWS, ${count('both', 'localOnly')} are implemented and checked as documented or observed (${count('both')} of them by a case that can run on AWS as well), ${count('setting')} are settings with a case each, ${count('notModelled')} are not modelled, and ${count('fact')} have nothing to check.`;
}

const whyOf = ({ check }: Row): string => ('why' in check ? check.why : '');
const checkedOn = (row: Row): string => (row.check.kind === 'both' ? 'Both' : `This machine only: ${whyOf(row)}`);

function tableOf(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...lines.map(line)].join('\n');
}
