/** Tokens that a command of the user's prints, one run for each, before the load begins. */
import { spawn } from 'node:child_process';
import { shownText } from '../measure/shown-text.ts';
import type { FeedRow } from '../messages/feed.ts';

export interface TokenCommand {
  /** For the shell, with the variables `user` and `feed_<column>`. */
  command: string;
  /** Users that share a token: the command runs for the first of them. */
  usersPerToken: number;
  /** Runs at a time, of one fleet. */
  concurrency: number;
  timeoutSeconds: number;
}

export interface TokenFor {
  user: string;
  feed: FeedRow;
}

/** How a run ended. `lastLine`: of what it wrote to stderr, empty if nothing. */
export type CommandEnd =
  | { kind: 'exited'; code: number; stdout: string; lastLine: string }
  | { kind: 'killed'; by: string; lastLine: string }
  | { kind: 'timedOut'; lastLine: string }
  | { kind: 'notStarted'; reason: string };

export type RunCommand = (command: TokenCommand, whom: TokenFor, signal: AbortSignal) => Promise<CommandEnd>;

/**
 * A token for each, in their order. Throws an Error whose message is one sentence for the first run that fails, after the others have been ended; the
 * signal's reason when that aborts.
 */
export async function tokensByCommand(
  command: TokenCommand,
  whom: readonly TokenFor[],
  { signal, run = runInShell }: { signal: AbortSignal; run?: RunCommand },
): Promise<string[]> {
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const tokens: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < whom.length && !both.aborted; n = next++) {
      const each = whom[n];
      if (each !== undefined) tokens[n] = tokenOf(await run(command, each, both), { command, each });
    }
  };
  const lanes = Array.from({ length: Math.min(command.concurrency, whom.length) }, () =>
    work().catch((error: unknown) => {
      failed.abort(error);
    }),
  );
  await Promise.all(lanes);
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return tokens;
}

function tokenOf(end: CommandEnd, { command, each }: { command: TokenCommand; each: TokenFor }): string {
  const what = `The token command for user ${each.user}`;
  switch (end.kind) {
    case 'notStarted':
      throw new Error(`${what} could not be started: ${end.reason}.`);
    case 'timedOut':
      throw new Error(`${what} did not end within ${command.timeoutSeconds} s${quoted(end.lastLine)}.`);
    case 'killed':
      throw new Error(`${what} was ended by ${end.by}${quoted(end.lastLine)}.`);
    case 'exited': {
      if (end.code !== 0) throw new Error(`${what} exited with code ${end.code}${quoted(end.lastLine)}.`);
      const token = end.stdout.trim();
      if (token === '') throw new Error(`${what} printed no token on stdout${quoted(end.lastLine)}.`);
      if (/[\r\n]/.test(token)) throw new Error(`${what} printed more than one line on stdout: print the token alone.`);
      return token;
    }
  }
}

const quoted = (lastLine: string): string => (lastLine === '' ? '' : `: ${shownText(lastLine).replace(/\.$/, '')}`);

/** More is no token. */
const maxOutputBytes = 65_536;

/** After the shell's end, for what is still in its pipes. */
const outputWaitMs = 1_000;

/** In a process group of its own, so that nothing that it has started is left. */
const runInShell: RunCommand = ({ command, timeoutSeconds }, { user, feed }, signal) =>
  new Promise((resolve) => {
    const columns = Object.entries(feed).map(([name, value]) => [`feed_${name}`, value]);
    const child = spawn('/bin/sh', ['-c', command], {
      env: { ...withoutOwn(process.env), ...Object.fromEntries(columns), user },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let isLate = false;
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, timeoutSeconds * 1_000);
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    const stdout = collected(child.stdout);
    const stderr = collected(child.stderr);
    const end = (result: CommandEnd) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      resolve(result);
    };
    child.on('error', (error) => end({ kind: 'notStarted', reason: error.message }));
    child.on('exit', (code, by) => {
      const report = () => {
        const lastLine = stderr().trimEnd().split('\n').at(-1)?.trim() ?? '';
        if (isLate) end({ kind: 'timedOut', lastLine });
        else if (code === null) end({ kind: 'killed', by: by ?? 'a signal', lastLine });
        else end({ kind: 'exited', code, stdout: stdout(), lastLine });
      };
      // Its pipes close with the last process that holds them: those of its group end now, and another is not waited for.
      kill();
      const given = setTimeout(report, outputWaitMs);
      child.on('close', () => {
        clearTimeout(given);
        report();
      });
    });
  });

function collected(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-maxOutputBytes);
  });
  return () => text;
}

/** The command sees the environment of `loadline`, and not what that tells the engine: its secrets among it. */
const withoutOwn = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !ownVariables.has(name)));

const ownVariables = new Set([
  'LOADLINE_TARGET_URL',
  'LOADLINE_VARIABLES',
  'LOADLINE_FOREIGN_TARGET',
  'LOADLINE_SECRETS',
  'LOADLINE_CLIENT_RECORDS',
  'LOADLINE_RUN_ID',
]);
