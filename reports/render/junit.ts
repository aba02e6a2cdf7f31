/** Checks as JUnit XML, which CI systems show beside the tests. */
import type { Check, Suite } from '../document/checks.ts';
import { joined, type Markup, markup } from './markup.ts';

export function renderJunit({ title, startedAt, elapsedSeconds, checks }: Suite): string {
  const count = (kind: Check['outcome']['kind']) => checks.filter(({ outcome }) => outcome.kind === kind).length;
  const attributes = markup`tests="${checks.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}" time="${elapsedSeconds.toFixed(3)}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="loadline" ${attributes}>
  <testsuite name="${title}" timestamp="${startedAt}" ${attributes}>
${joined(checks.map(caseOf), '\n')}
  </testsuite>
</testsuites>
`.source;
}

function caseOf({ name, outcome }: Check): Markup {
  const element = markup`    <testcase classname="loadline" name="${name}"`;
  if (outcome.kind === 'passed') return markup`${element}/>`;
  const tag = outcome.kind === 'failed' ? 'failure' : outcome.kind;
  return markup`${element}><${tag} message="${outcome.message}"/></testcase>`;
}
