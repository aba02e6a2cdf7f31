/** The verdict as JUnit XML, which CI systems show beside the tests: one case for the run's validity, one for each objective. */

import { sloReasons } from '../analysis/slo.ts';
import type { Report } from '../report.ts';

interface Case {
  name: string;
  outcome: { kind: 'passed' } | { kind: 'failed' | 'error' | 'skipped'; message: string };
}

export function renderJunit(report: Report): string {
  const cases = [validityCase(report), ...report.slo.map((row) => sloCase(report, row))];
  const count = (kind: Case['outcome']['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const attributes = `${counts} time="${elapsedSeconds(report)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="loadline" ${attributes}>`,
    `  <testsuite name="${escaped(report.title)}" timestamp="${escaped(report.run.startedAt)}" ${attributes}>`,
    ...cases.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Invalid is a failure: CI must see it. Partial is an error: something broke before there was anything to judge. */
function validityCase({ verdict }: Report): Case {
  const name = 'the run is valid';
  const message = verdict.reasons.map(({ sentence, next }) => `${sentence} ${next}`).join(' ');
  switch (verdict.status) {
    case 'ok':
    case 'sloBroken':
      return { name, outcome: { kind: 'passed' } };
    case 'invalid':
      return { name, outcome: { kind: 'failed', message } };
    case 'partial':
      return { name, outcome: { kind: 'error', message } };
  }
}

/** Nothing is judged by measurements that prove nothing. */
function sloCase({ verdict }: Report, row: Report['slo'][number]): Case {
  const name = `SLO: ${row.name}`;
  if (verdict.status === 'invalid' || verdict.status === 'partial')
    return { name, outcome: { kind: 'skipped', message: `The run is ${verdict.status}.` } };
  if (row.kept === null) return { name, outcome: { kind: 'skipped', message: 'It was not measured.' } };
  if (row.kept) return { name, outcome: { kind: 'passed' } };
  return {
    name,
    outcome: {
      kind: 'failed',
      message: sloReasons([row])
        .map(({ sentence }) => sentence)
        .join(' '),
    },
  };
}

function renderCase({ name, outcome }: Case): string {
  const element = `    <testcase classname="loadline" name="${escaped(name)}"`;
  if (outcome.kind === 'passed') return `${element}/>`;
  const tag = outcome.kind === 'failed' ? 'failure' : outcome.kind;
  return `${element}><${tag} message="${escaped(outcome.message)}"/></testcase>`;
}

function elapsedSeconds({ run }: Report): string {
  if (run.endedAt === null) return '0';
  return ((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1_000).toFixed(3);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character);
