/** What the local target says while it serves, as lines for the terminal. Pure. */
import type { Notice } from '../local/start.ts';
import { inOneLine } from '../reports/render/printable.ts';

type Failed = Extract<Notice, { kind: 'integrationFailed' }>;

export function noticeLines(notice: Notice): string[] {
  switch (notice.kind) {
    case 'output':
      return notice.text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => `[${notice.functionName} ${notice.requestId ?? 'init'}] ${line}`);
    case 'integrationFailed':
      return [inOneLine(failureLine(notice))];
    case 'reloaded':
      return [`The code of ${notice.functionNames.join(', ')} has changed: the next event loads it again.`];
    case 'dropped':
      return [`… and ${notice.count} more, too fast to be shown here: --logs keeps all output.`];
  }
}

function failureLine({ api, routeKey, integration, status, requestId, failure }: Failed): string {
  const answer = status === null ? '"Internal server error" to the client' : `status ${status}`;
  return `[${api} ${routeKey} ${requestId}] ${answer}: ${reasonOf(failure, integration)}`;
}

function reasonOf(failure: Failed['failure'], integration: string): string {
  switch (failure.kind) {
    case 'functionError': {
      const invocation = failure.invocationId === null ? '' : ` (invocation ${failure.invocationId})`;
      return `${integration} failed with ${failure.errorType}: ${failure.errorMessage}${invocation}`;
    }
    case 'throttled':
      return `${integration} was throttled`;
    case 'payloadTooLarge':
      return `the event is too large for ${integration}`;
    case 'timeout':
      return `${integration} did not answer within ${failure.afterMs / 1_000} s`;
    case 'malformed':
      return `${integration} did not answer with an object with a statusCode, but with ${failure.answer}`;
    case 'answered':
      return `${integration} answered so`;
    case 'broken':
      return `${integration}: ${failure.problem}`;
  }
}
