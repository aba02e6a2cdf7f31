/** `npm run nag`: cdk-nag's AwsSolutions pack on every variant of the reference stack. Fails with a finding that accepted.ts does not explain. */
import { accepted, judge } from './accepted.ts';
import { findingsOfStack } from './findings.ts';

const findings = findingsOfStack();
const { open, unused } = judge(findings, accepted);
for (const { variant, rule, path, description } of open) console.error(`${variant}: ${path}: ${rule}: ${description}`);
for (const { rule, path } of unused)
  console.error(`accepted.ts: nothing is found any more by ${rule} at ${path}: remove it.`);
if (open.length + unused.length > 0) process.exitCode = 1;
else console.log(`AwsSolutions: ${findings.length} findings in all variants, each explained in test/nag/accepted.ts`);
