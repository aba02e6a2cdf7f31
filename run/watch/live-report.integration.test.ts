import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { writeExampleFolder } from '../example-folder.fixture.ts';
import { type LiveReport, serveLiveReport } from './live-report.ts';

let folder: string;
let live: LiveReport;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-live-report-'));
  live = await serveLiveReport(folder, { patienceMs: 0 });
});
afterEach(async () => {
  await live.stop();
  rmSync(folder, { recursive: true, force: true });
});

function get(headers: Record<string, string> = {}, path = '/', method = 'GET') {
  return new Promise<{ status: number; body: string; refresh: string | undefined }>((resolve, reject) => {
    const asked = request(new URL(path, live.url), { headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, refresh: response.headers.refresh as string | undefined }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('before anything is there it says so; then it is the page of the report, which the browser asks for again', async () => {
  expect(await get()).toMatchObject({ status: 503, refresh: '2' });
  await live.stop();
  await writeExampleFolder(folder, { run: exampleRun({ outcome: { kind: 'completed' } }) });
  live = await serveLiveReport(folder, { patienceMs: 0 });
  const { status, body, refresh } = await get();
  expect({ status, refresh }).toEqual({ status: 200, refresh: '5' });
  expect(body).toMatch(/^<!doctype html>/i);
  expect(body).toContain('Capacity report: sync on the local target');
});

test('a name that only leads here, another origin, another path or method are refused', async () => {
  expect((await get({ host: 'evil.example' })).status).toBe(403);
  expect((await get({ origin: 'http://evil.example' })).status).toBe(403);
  expect((await get({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await get({}, '/run.json')).status).toBe(404);
  expect((await get({}, '/', 'POST')).status).toBe(405);
});
