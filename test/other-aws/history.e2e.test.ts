/** A history in S3, on two of somebody else's implementations of it. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendLines, openStore, readHistory } from '../../history/history.ts';
import { lineOf } from '../../history/lines.fixture.ts';
import { installMs, whyNoPython } from '../python-packages.fixture.ts';
import { type PythonPackage, type PythonServer, startPythonServer } from './python-server.fixture.ts';

const why = whyNoPython();
const servers: Record<string, PythonPackage> = {
  ministack: {
    requirement: 'ministack==1.5.33',
    program: 'ministack.app',
    args: () => [],
    environment: (port) => ({ GATEWAY_PORT: String(port) }),
  },
  moto: { requirement: 'moto[server]==5.2.5', program: 'moto.server', args: (port) => ['-p', String(port)] },
};

describe.skipIf(why !== null).each(Object.entries(servers))(why ?? 'on %s', (_name, server) => {
  let running: PythonServer;
  const environment: NodeJS.ProcessEnv = {};
  const now = new Date('2026-03-01T02:00:00Z');
  const store = (prefix: string) => openStore(`s3://nights/${prefix}`, environment);
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    process.env.AWS_REGION = 'us-east-1';
    running = await startPythonServer(server);
    environment.AWS_ENDPOINT_URL_S3 = running.url;
    const client = new S3Client({ endpoint: running.url, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'nights' }));
    await client.send(new PutObjectCommand({ Bucket: 'nights', Key: 'of-others.ndjson', Body: 'not ours' }));
    client.destroy();
  }, installMs);
  afterAll(() => running?.stop());

  test('twenty nights that are appended at once are all there', async () => {
    const place = await store('at-once');
    expect(await readHistory(place)).toEqual({ lines: [], acknowledgements: [], skipped: [] });
    await Promise.all(Array.from({ length: 20 }, (_, index) => appendLines(place, [lineOf(index, index)], now)));
    const { lines, skipped } = await readHistory(await store('at-once'));
    expect(skipped).toEqual([]);
    expect(lines.map(({ value }) => value).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
  });

  test('a name is written once', async () => {
    const place = await store('once');
    expect(await place.create('n.ndjson', 'first')).toBe('written');
    expect(await place.create('n.ndjson', 'second')).toBe('taken');
    expect(await place.read('n.ndjson')).toBe('first');
  });

  test('a bucket that is not there is a sentence', async () => {
    const place = await openStore('s3://not-there/prefix', environment);
    await expect(place.list()).rejects.toThrow(
      /^The history s3:\/\/not-there\/prefix could not be read \(NoSuchBucket/,
    );
  });
});
