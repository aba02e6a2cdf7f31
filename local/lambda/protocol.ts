/** What passes between the Lambda service and one environment (a worker thread). Payloads are JSON text, as on AWS. */

/** Given to the thread once, as workerData. */
export interface EnvironmentDescription {
  functionName: string;
  functionArn: string;
  memoryMb: number;
  codeFolder: string;
  handler: string;
  logStreamName: string;
}

export interface InvokeMessage {
  kind: 'invoke';
  requestId: string;
  payload: string;
  /** Milliseconds since the epoch. */
  deadlineMs: number;
}

export type EnvironmentMessage =
  | { kind: 'ready' }
  | { kind: 'initFailed'; error: FunctionErrorPayload }
  | { kind: 'result'; payload: string; durationMs: number }
  | { kind: 'error'; error: FunctionErrorPayload; durationMs: number }
  | { kind: 'log'; text: string };

/** The body that Invoke answers with X-Amz-Function-Error. */
export interface FunctionErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: readonly string[];
}
