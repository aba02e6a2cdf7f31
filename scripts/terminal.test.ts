import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { exitCode } from './exit-code.ts';
import { terminalOf } from './terminal.ts';

/** A stream that takes text, has an error event for it, or throws. */
class FakeStream extends EventEmitter {
  text = '';
  problem: { code: string; how: 'event' | 'throw' } | null = null;
  write(text: string, done?: (error?: Error) => void): boolean {
    if (this.problem === null) {
      this.text += text;
      return true;
    }
    const error = Object.assign(new Error(`write ${this.problem.code}`), { code: this.problem.code });
    if (this.problem.how === 'throw') throw error;
    // As a socket does: both.
    done?.(error);
    this.emit('error', error);
    return false;
  }
}

function start() {
  const stdout = new FakeStream();
  const stderr = new FakeStream();
  const state = { code: 0, lost: [] as string[] };
  const stream = (fake: FakeStream) => fake as unknown as NodeJS.WriteStream;
  const terminal = terminalOf(
    {
      ...{ stdout: stream(stdout), stderr: stream(stderr), environment: {} },
      setExitCode: (code) => {
        state.code = code;
      },
    },
    (reason) => state.lost.push(reason),
  );
  return { terminal, stdout, stderr, state };
}

describe('output that cannot be written', () => {
  test.each([
    ['ENOSPC', 'event', 'the disk is full'],
    ['EIO', 'throw', 'write EIO'],
  ] as const)('%s: one sentence on stderr, once, and exit code 4', (code, how, reason) => {
    const { terminal, stdout, stderr, state } = start();
    stdout.problem = { code, how };
    terminal.endWith(exitCode.ok);
    terminal.print('a line');
    terminal.print('another');
    expect(stderr.text).toBe(`The output could not be written: ${reason}.\n`);
    expect(state.lost).toEqual([`The output could not be written: ${reason}.`]);
    expect(state.code).toBe(4);
    // Said afterwards, it changes nothing; another code stays.
    terminal.endWith(exitCode.ok);
    expect(state.code).toBe(4);
    terminal.endWith(exitCode.interrupted);
    expect(state.code).toBe(130);
  });

  test('a reader that is gone has what it wanted: nothing is said, and the exit code is that of the work', () => {
    const { terminal, stdout, stderr, state } = start();
    stdout.problem = { code: 'EPIPE', how: 'event' };
    terminal.print('a line');
    terminal.print('another');
    terminal.endWith(exitCode.ok);
    expect([stderr.text, state.code]).toEqual(['', 0]);
    terminal.endWith(exitCode.sloBroken);
    expect(state).toEqual({ code: 1, lost: ['The reader of the output has closed it.'] });
  });

  test('of stderr: nothing, for there is nobody to tell', () => {
    const { terminal, stdout, stderr, state } = start();
    stderr.problem = { code: 'EPIPE', how: 'event' };
    terminal.say('progress');
    terminal.print('result');
    expect(stdout.text).toBe('result\n');
    expect(state).toEqual({ code: 0, lost: [] });
  });
});

test('control characters reach neither stream', () => {
  const { terminal, stdout, stderr } = start();
  terminal.print('a\u001b[31mred\u001b[0m\tb\nc');
  terminal.say('\u009b2J\u202egnol');
  expect(stdout.text).toBe('a\ufffd[31mred\ufffd[0m\tb\nc\n');
  expect(stderr.text).toBe('\ufffd2J\ufffdgnol\n');
});
