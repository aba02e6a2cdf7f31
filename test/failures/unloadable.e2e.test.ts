// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Functions of a served stack that cannot be loaded: run, search and profile name each, and repeat what its log begins with. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallStackOptions, writeSmallStack } from '../../local/testing/small-stack.ts';
import type { Report } from '../../reports/report.ts';
import { startCommand } from '../../scripts/command.fixture.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-unloadable-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const echo = "export const handler = async ({ body }) => ({ statusCode: 200, body: body ?? '' });";
const bootstrap = { bootstrap: "#!/bin/sh\necho 'settings.json: No such file or directory' >&2\nexit 4\n" };
const small = ['--connections', '4', '--connect-rate', '4', '--tabs-per-user', '1', '--steady', '4', '--drain', '3'];
const messages = ['--message', '{"action":"say","id":"${id}"}', '--answer', '$.id', '--message-rate', '5'];

async function loadline(command: string[], stack: SmallStackOptions, load: readonly string[]) {
  const { choice, remove } = writeSmallStack(stack);
  try {
    const { code, stdout, stderr } = await startCommand(
      [...command, '--template', choice.path, ...load, '--quiet', '--json'],
      { folder, temporary: folder },
    ).ended;
    return { code, stdout, stderr };
  } finally {
    remove();
  }
}

function reportIn(stdout: string): { report: Report; page: string } {
  const { folder: runFolder } = JSON.parse(stdout) as { folder: string };
  const read = (name: string) => readFileSync(join(runFolder, name), 'utf8');
  return { report: JSON.parse(read('report.json')), page: read('report.html') };
}

const unloadableSay: SmallStackOptions = {
  functions: { Say: "import 'not-there';\nexport const handler = async () => ({ statusCode: 200 });" },
  webSocketRoutes: { 'say (two-way)': 'Say' },
};
const saidOfSay =
  /[Tt]he function Say could not be loaded \(Runtime\.ImportModuleError: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package 'not-there' imported from .*index\.mjs\)/;

test.each([
  // On a machine that is too busy to judge it, it is invalid as well.
  ['that was judged', ['--timeout', '2'], [1, 3], /^cause\.(messages|functions)\.functionNotLoaded$/],
  ['whose messages had no end yet when it was over', [], [3], /^cause\.functions\.functionNotLoaded$/],
])('a message’s function: the verdict of a run %s', async (_, more, expected, reason) => {
  const load = [...small, ...messages, ...more];
  const { code, stdout, stderr } = await loadline(['run', 'messaging'], unloadableSay, load);
  expect([stderr, expected]).toEqual([expect.any(String), expect.arrayContaining([code])]);
  const { report, page } = reportIn(stdout);
  expect(report.verdict.reasons.map(({ code: each }) => each)).toContainEqual(expect.stringMatching(reason));
  expect(report.verdict.sentence).toMatch(saidOfSay);
  expect(page).toContain('Runtime.ImportModuleError');
});

test('a message’s function: the reason of a search that carries nothing', async () => {
  const load = [...small, ...messages, '--vary', 'messages', '--start', '1', '--max', '2'];
  const { stdout, stderr } = await loadline(['search', 'messaging'], unloadableSay, load);
  expect(`${stdout}${stderr}`).toMatch(saidOfSay);
});

test('a message’s function: profile measures nothing, and says why', async () => {
  const { code, stdout, stderr } = await loadline(['profile'], unloadableSay, [...small, ...messages]);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toContain('The phase message measures errors only. ');
  expect(stderr).toMatch(saidOfSay);
});

test('an authorizer: no connection is opened, and the run that could not go on says why', async () => {
  const stack: SmallStackOptions = {
    functions: { Guard: 'export const other = 1;', Say: echo },
    webSocketRoutes: { $connect: 'Say', 'say (two-way)': 'Say' },
    authorizer: 'Guard',
  };
  const load = [...small, ...messages, '--url', '?token=t'];
  const { code, stdout, stderr } = await loadline(['run', 'messaging'], stack, load);
  expect([code, stderr]).toEqual([4, expect.any(String)]);
  const { report } = reportIn(stdout);
  expect(report.verdict.sentence).toMatch(
    /connects failed: the function Guard could not be loaded \(Runtime\.HandlerNotFound: index\.handler is undefined or not exported\)\./,
  );
});

test('a runtime of one’s own that ends at once: the verdict has what it wrote last', async () => {
  const stack: SmallStackOptions = {
    functions: { Say: echo, Take: bootstrap },
    functionProperties: { Take: { Runtime: 'provided.al2023', Handler: 'x.y' } },
    webSocketRoutes: { 'say (two-way)': 'Say' },
    httpRoutes: { 'POST /hooks': 'Take' },
  };
  const webhooks = [
    '--webhook',
    '{"id":"${id}"}',
    '--webhook-url',
    '/hooks',
    '--webhook-rate',
    '3',
    '--burst-rate',
    '0',
  ];
  const { code, stdout, stderr } = await loadline(['run', 'webhook-burst'], stack, [...small, ...webhooks]);
  expect([stderr, [1, 3]]).toEqual([expect.any(String), expect.arrayContaining([code])]);
  expect(reportIn(stdout).report.verdict.sentence).toMatch(
    /[Tt]he function Take could not be loaded \(Runtime\.ExitError: Error: Runtime exited with error: exit status 4: settings\.json: No such file or directory\)/,
  );
});
