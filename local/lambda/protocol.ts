/** The messages between the Lambda service and one environment. Payloads are JSON text, as on AWS. */
import type { LocalAddresses } from './node/aws-hosts.ts';

/** Given to the thread once, as workerData. */
export interface EnvironmentDescription {
  functionName: string;
  functionArn: string;
  /** As `nodejs24.x`. */
  runtime: string;
  memoryMb: number;
  codeFolder: string;
  layerFolders: readonly string[];
  handler: string;
  logStreamName: string;
  /** Pause after an event, for each millisecond of processor time that it used; 0 for none. */
  pausePerCpuMs: number;
  addresses: LocalAddresses;
}

/**
 * One event, as the text `<requestId> <deadlineMs> <payload>`: a text is sent to the thread at a third of an object's cost, and this is
 * the most frequent message. The deadline is in milliseconds since the epoch.
 */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  deadlineMs: number;
}

export function encodeInvoke({ requestId, deadlineMs, payload }: InvokeMessage): string {
  return `${requestId} ${deadlineMs} ${payload}`;
}

export function decodeInvoke(text: string): InvokeMessage {
  const first = text.indexOf(' ');
  const second = text.indexOf(' ', first + 1);
  return {
    requestId: text.slice(0, first),
    deadlineMs: Number(text.slice(first + 1, second)),
    payload: text.slice(second + 1),
  };
}

/** A handler's response, as the text `<durationMs> <payload>`, for the same reason. */
export function encodeResult(durationMs: number, payload: string): string {
  return `${durationMs} ${payload}`;
}

export function decodeResult(text: string): { durationMs: number; payload: string } {
  const space = text.indexOf(' ');
  return { durationMs: Number(text.slice(0, space)), payload: text.slice(space + 1) };
}

/** What the code writes, as the text `>` and what was written; a result begins with a digit. */
export function encodeLog(text: string): string {
  return `>${text}`;
}

/** null: the text is a result. */
export function decodeLog(text: string): string | null {
  return text.startsWith('>') ? text.slice(1) : null;
}

export type EnvironmentMessage =
  | { kind: 'ready' }
  | { kind: 'initFailed'; error: FunctionErrorPayload }
  /** As a text does: what a process answered. */
  | { kind: 'result'; payload: string; durationMs: number }
  | { kind: 'error'; error: FunctionErrorPayload; durationMs: number }
  /** As a text does: what a process wrote. */
  | { kind: 'log'; text: string };

/** The body that Invoke answers with X-Amz-Function-Error. */
export interface FunctionErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: readonly string[];
  /** Python's, in its own form. */
  stackTrace?: readonly unknown[];
}
