/**
 * The conformance suite as a command.
 *
 *   node test/conformance/main.ts [--only B1] [--fast] [--json results.json] [--write-fidelity]
 *
 * --only: rows with this id prefix. --fast: without the slow cases. --write-fidelity: writes local/FIDELITY.md if all have passed
 *
 * LOADLINE_TARGET=aws runs the cases that can run on AWS against the deployed conformance stacks (AWS_REGION, the caller's credentials).
 * Exit code 0: everything that ran passed; 1: something did not; 2: the suite could not run.
 */
import { writeFileSync } from 'node:fs';
import { parseOptions } from '../parse-options.ts';
import { cases } from './cases/index.ts';
import { renderFidelity } from './fidelity.ts';
import { fidelityPath, readTemplate } from './fidelity-file.ts';
import { readFacts } from './read-rows.ts';
import { renderTable } from './render-table.ts';
import { runCases } from './run-cases.ts';
import { readSettings } from './settings-of-limits.ts';
import { awsTargets, localTargets } from './targets.ts';

async function main(): Promise<number> {
  const usage = 'Usage: npm run conformance -- [--only B1] [--fast] [--json results.json] [--write-fidelity]';
  const { values } = parseOptions(usage, {
    options: {
      only: { type: 'string', default: '' },
      fast: { type: 'boolean', default: false },
      json: { type: 'string' },
      'write-fidelity': { type: 'boolean', default: false },
    },
  });
  const facts = readFacts();
  const { rows } = facts;
  if (values['write-fidelity'] && (values.only !== '' || values.fast)) {
    throw new Error('--write-fidelity needs every case: remove --only and --fast.');
  }
  const chosen = process.env.LOADLINE_TARGET ?? 'local';
  if (chosen !== 'local' && chosen !== 'aws') throw new Error(`LOADLINE_TARGET must be local or aws, not ${chosen}.`);
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const targets = chosen === 'aws' ? awsTargets(region) : await localTargets();
  try {
    const results = await runCases({
      rows,
      cases: cases.filter(({ row }) => row.startsWith(values.only)),
      targets,
      slow: !values.fast,
      onResult: ({ row, kind }) => process.stderr.write(`${kind === 'failed' ? '✗' : '·'} ${row}\n`),
    });
    const shown = rows.filter(({ id }) => id.startsWith(values.only));
    process.stdout.write(`${renderTable(shown, results)}\n`);
    if (values.json !== undefined) {
      writeFileSync(
        values.json,
        `${JSON.stringify({ schemaVersion: 1, target: chosen, rows: shown, results }, null, 2)}\n`,
      );
    }
    if (values['write-fidelity']) {
      const page = renderFidelity({ facts, results, settings: readSettings(), template: readTemplate() });
      writeFileSync(fidelityPath, page);
    }
    return results.some(({ kind }) => kind === 'failed') ? 1 : 0;
  } finally {
    await targets.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
