/** Commands that print tokens, in a real shell. */
import { expect, test } from 'vitest';
import { type TokenCommand, tokensByCommand } from '../src/core/connections/token-command.ts';

const { signal } = new AbortController();
const run = (command: string, more: Partial<TokenCommand> = {}) =>
  tokensByCommand(
    { command, usersPerToken: 1, concurrency: 2, timeoutSeconds: 60, ...more },
    ['ann', 'bob'].map((user) => ({ user, feed: { role: `${user}'s "role"` } })),
    { signal },
  );

test('the command has the user and the columns of the feed as variables', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
  expect(await run('echo "${user}: $feed_role"')).toEqual(['ann: ann\'s "role"', 'bob: bob\'s "role"']);
});

test('its exit code and the last line of stderr are told', async () => {
  await expect(run('echo first >&2; echo second >&2; exit 7', { concurrency: 1 })).rejects.toThrow(
    'The token command for user ann exited with code 7: second.',
  );
});

test('it is ended after its time, with what it has started; what is left in the background is not waited for', async () => {
  await expect(run('sleep 100', { timeoutSeconds: 0.1, concurrency: 1 })).rejects.toThrow('did not end within 0.1 s');
  expect(await run('sleep 100 & echo t')).toEqual(['t', 't']);
});

test('an abort ends it', async () => {
  const aborting = new AbortController();
  const made = tokensByCommand(
    { command: 'sleep 100', usersPerToken: 1, concurrency: 1, timeoutSeconds: 60 },
    [{ user: 'ann', feed: {} }],
    { signal: aborting.signal },
  );
  aborting.abort(new Error('stopped'));
  await expect(made).rejects.toThrow('stopped');
});
