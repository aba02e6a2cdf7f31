import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startTinyTarget } from '../testing/tiny-target.ts';
import { connect } from '../testing/web-socket-client.ts';
import { watchCode } from './code-watch.ts';

test('changes that belong together are told once, by function, and a folder that is made anew is found again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = join(folder, 'code');
  mkdirSync(code);
  const changes: (readonly string[])[] = [];
  const functions = [
    { functionName: 'b', codeFolder: code },
    { functionName: 'a', codeFolder: code },
  ];
  const stop = watchCode({ functions, onChange: (names) => changes.push(names) });
  onTestFinished(stop);
  for (const name of ['one.js', 'two.js']) writeFileSync(join(code, name), '');
  await vi.waitFor(() => expect(changes).toEqual([['a', 'b']]), 20_000);
  rmSync(code, { recursive: true });
  mkdirSync(code);
  await vi.waitFor(() => expect(changes.length).toBeGreaterThan(1), 20_000);
  const before = changes.length;
  writeFileSync(join(code, 'one.js'), 'again');
  await vi.waitFor(() => expect(changes.length).toBeGreaterThan(before), 20_000);
});

test('with `watch`, an event after a change meets the new code, and what functions write is told', async () => {
  const said: string[] = [];
  const reloaded: string[] = [];
  const target = await startTinyTarget({
    watch: true,
    onNotice(notice) {
      if (notice.kind === 'output') said.push(`${notice.requestId === null ? 'init' : 'event'} ${notice.text}`);
      if (notice.kind === 'reloaded') reloaded.push(...notice.functionNames);
    },
  });
  onTestFinished(() => target.stop());
  const { socket, next } = await connect(target.outputs.WebSocketUrl ?? '');
  socket.send('hello');
  expect(await next()).toBe('hello');
  const file = join(target.codeFolder, 'index.mjs');
  writeFileSync(
    file,
    "export const handler = async () => { console.log('at work'); return { statusCode: 200, body: 'new' }; };",
  );
  await vi.waitFor(() => expect(reloaded).toHaveLength(1), 20_000);
  socket.send('hello');
  expect(await next()).toBe('new');
  await vi.waitFor(() => expect(said).toEqual(['event at work\n']), 20_000);
  // What does not load is told as well, though it has no invocation.
  writeFileSync(file, "import 'not-there';");
  await vi.waitFor(() => expect(reloaded).toHaveLength(2), 20_000);
  socket.send('hello');
  expect(await next()).toContain('Internal server error');
  await vi.waitFor(
    () => expect(said.at(-1)).toMatch(/^init Runtime.ImportModuleError: .*Cannot find package 'not-there'/),
    20_000,
  );
  socket.close();
});
