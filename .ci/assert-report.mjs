// What the default bench must have left behind. Usage: assert-report.mjs RUN_FOLDER
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const report = read('report.json');
const observation = read('observation.json');

assert.equal(report.verdict.status, 'ok', report.verdict.sentence);
const { ledger } = report;
for (const outcome of ['missed', 'lost', 'unknown'])
  assert.equal(ledger.events.outcomes[outcome], 0, `events are ${outcome}`);
assert.ok(ledger.events.accepted > 0, 'no webhook was accepted');
assert.ok(ledger.pushes.delivered > 0, 'no push was delivered');
assert.ok(observation.client.totals.messagesAnswered > 0, 'no message was answered');
assert.equal(
  observation.client.peakOpenConnections,
  read('run.json').workload.connections,
  'not all connections were open',
);

for (const namespace of ['AWS/ApiGateway', 'AWS/Lambda', 'AWS/SQS', 'AWS/DynamoDB', 'Loadline']) {
  const series = observation.server.series.filter((one) => one.namespace === namespace && one.kind === 'series');
  assert.ok(series.length > 0, `no data in ${namespace}`);
}
for (const name of ['report.md', 'report.html']) {
  const text = readFileSync(join(folder, name), 'utf8').replaceAll(/<[^>]*>/g, '');
  assert.ok(text.includes(report.verdict.sentence.slice(0, 40)), `${name} does not state the verdict`);
}
console.log(`report of ${report.run.runId}: ${report.verdict.sentence}`);
