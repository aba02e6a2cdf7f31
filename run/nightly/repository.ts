/** What git says of the project that is measured. */
import { execFileSync } from 'node:child_process';

interface Commit {
  hash: string;
  /** First line of its message. */
  subject: string;
  author: string;
}

/** More are named by their number. */
const mostCommits = 50;

function git(folder: string, ...args: string[]): string | null {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 16 * 1_048_576,
    }).trim();
  } catch {
    return null;
  }
}

/** The commit that is checked out, with "+" when files differ from it; null outside a repository, and without git. */
export function commitAt(folder: string): string | null {
  const head = git(folder, 'rev-parse', 'HEAD');
  if (head === null) return null;
  // What was not added is not part of the project: histories and run folders among them.
  return head + (git(folder, 'status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
}

/** From the first commit, not included, to the second; null where git does not know one of them. Newest first. */
export function commitsBetween(
  folder: string,
  after: string | null,
  until: string | null,
): { commits: Commit[]; all: number } | null {
  if (after === null || until === null) return null;
  const range = `${plain(after)}..${plain(until)}`;
  // A process each, and a page has hundreds of changes.
  const text = git(folder, 'log', `--max-count=${mostCommits}`, '--format=%H%x1f%s%x1f%an', range);
  if (text === null) return null;
  const commits = text
    .split('\n')
    .filter(Boolean)
    .map((line): Commit => {
      const [hash = '', subject = '', author = ''] = line.split('\u001f');
      return { hash, subject, author };
    });
  const all = commits.length < mostCommits ? commits.length : Number(git(folder, 'rev-list', '--count', range));
  return { commits, all };
}

const plain = (commit: string): string => commit.replace(/\+$/, '');

/** The hash of a name; null: there is no such commit. */
export const resolveCommit = (folder: string, name: string): string | null =>
  git(folder, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);

/** Top of the repository, and the way from there to the folder ("" or "sub/"); null outside of one. */
export function placeInRepository(folder: string): { top: string; below: string } | null {
  const top = git(folder, 'rev-parse', '--show-toplevel');
  const below = git(folder, 'rev-parse', '--show-prefix');
  return top === null || below === null ? null : { top, below };
}

/** Page of the repository on the web, by the CI's variables or its remote; null: not known. */
export function repositoryUrl(folder: string, environment: NodeJS.ProcessEnv): string | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, CI_PROJECT_URL } = environment;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY) return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  if (CI_PROJECT_URL) return CI_PROJECT_URL;
  const remote = git(folder, 'remote', 'get-url', 'origin') ?? '';
  const [, host, path] =
    /^(?:ssh:\/\/)?(?:git@|https:\/\/(?:[^@/]*@)?)([\w.-]+)[:/](.+?)(?:\.git)?$/.exec(remote) ?? [];
  return host === undefined ? null : `https://${host}/${path}`;
}

export { git };
