import { expect, test } from 'vitest';
import { type CommandEnd, type RunCommand, type TokenCommand, tokensByCommand } from './token-command.ts';

const command: TokenCommand = { command: 'make', usersPerToken: 1, concurrency: 2, timeoutSeconds: 3 };
const users = ['a', 'b', 'c', 'd', 'e'].map((user) => ({ user, feed: {} }));
const { signal } = new AbortController();
const ended = (end: Partial<Extract<CommandEnd, { kind: 'exited' }>>): CommandEnd => ({
  ...{ kind: 'exited', code: 0, stdout: '', lastLine: '' },
  ...end,
});

test('tokens come in the order of the users, and so many commands run at a time', async () => {
  let running = 0;
  let most = 0;
  const run: RunCommand = async (_command, { user }) => {
    most = Math.max(most, ++running);
    // The earlier ones take longer.
    for (let turns = 10 - user.charCodeAt(0) + 97; turns > 0; turns--) await Promise.resolve();
    running--;
    return ended({ stdout: ` token of ${user}\n` });
  };
  expect(await tokensByCommand(command, users, { signal, run })).toEqual(users.map(({ user }) => `token of ${user}`));
  expect(most).toBe(2);
});

test.each<[CommandEnd, string]>([
  [
    ended({ code: 3, lastLine: 'no such account.' }),
    'The token command for user a exited with code 3: no such account.',
  ],
  [ended({ code: 1 }), 'The token command for user a exited with code 1.'],
  [ended({ lastLine: 'warn' }), 'The token command for user a printed no token on stdout: warn.'],
  [
    ended({ stdout: 'one\ntwo\n' }),
    'The token command for user a printed more than one line on stdout: print the token alone.',
  ],
  [{ kind: 'timedOut', lastLine: 'waiting' }, 'The token command for user a did not end within 3 s: waiting.'],
  [{ kind: 'killed', by: 'SIGTERM', lastLine: '' }, 'The token command for user a was ended by SIGTERM.'],
  [{ kind: 'notStarted', reason: 'spawn ENOENT' }, 'The token command for user a could not be started: spawn ENOENT.'],
  // What looks like a secret is not repeated.
  [
    ended({ code: 1, lastLine: 'password=hunter2 is wrong' }),
    'The token command for user a exited with code 1: password=[hidden] is wrong.',
  ],
])('the first failure is one sentence, and ends the others: %j', async (end, sentence) => {
  const aborted: string[] = [];
  const run: RunCommand = (_command, { user }, stop) =>
    user === 'a'
      ? Promise.resolve(end)
      : new Promise((resolve) =>
          stop.addEventListener('abort', () => {
            aborted.push(user);
            resolve({ kind: 'killed', by: 'SIGKILL', lastLine: '' });
          }),
        );
  await expect(tokensByCommand(command, users, { signal, run })).rejects.toThrow(new Error(sentence));
  expect(aborted).toEqual(['b']);
});
