import { describe, expect, it } from 'vitest';
import { answerOfIngest } from './ingest-answer.ts';

const text = { 'content-type': 'text/plain' };

describe('how a webhook is answered', () => {
  it('says when to send it again, and counts it as deferred', () => {
    expect(answerOfIngest({ status: 429, reason: 'later', retryAfterSeconds: 10 })).toEqual({
      statusCode: 429,
      headers: { ...text, 'retry-after': 10 },
      body: 'later',
      counts: { EventsDeferred: 1 },
      log: null,
    });
  });

  it('counts what was refused, and logs what was signed and is kept by nobody', () => {
    expect(answerOfIngest({ status: 401, reason: 'wrong' })).toMatchObject({
      counts: { SignaturesRejected: 1 },
      log: null,
    });
    expect(answerOfIngest({ status: 413, reason: 'large' })).toMatchObject({
      counts: { EventsRefused: 1 },
      log: { sentence: 'A webhook with a valid signature was refused with 413: large' },
    });
  });

  it('logs why one could not be queued, and counts nothing for one that was', () => {
    const cause = new Error('no queue');
    expect(answerOfIngest({ status: 503, reason: 'again', cause })).toMatchObject({
      statusCode: 503,
      counts: null,
      log: { sentence: 'again', cause },
    });
    const queued = { statusCode: 200, headers: text, body: 'queued', counts: null, log: null };
    expect(answerOfIngest({ status: 200, reason: 'queued' })).toEqual(queued);
  });
});
