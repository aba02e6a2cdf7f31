/** What runs the code of one environment: a thread for Node.js, a process that speaks the Lambda Runtime API for every other runtime. */
import type { FunctionModel } from '../template/model.ts';
import type { LocalAddresses } from './node/aws-hosts.ts';
import type { EnvironmentMessage, InvokeMessage } from './protocol.ts';

export interface SandboxSettings {
  model: FunctionModel;
  /** The function's own variables, and those that the platform adds. */
  variables: Readonly<Record<string, string>>;
  logStreamName: string;
  /** Pause after an event, for each millisecond of processor time that it used; 0 for none. */
  pausePerCpuMs: number;
  /** Where the endpoints of AWS are on this machine. */
  addresses: LocalAddresses;
}

/** None of them is called before the sandbox has been made. */
export interface SandboxEvents {
  /** A text is a result or what was written, as of `encodeResult` and `encodeLog`. */
  message(message: EnvironmentMessage | string): void;
  /** It crashed, for a reason such as `Error: …`; `exited` follows. */
  failed(reason: string): void;
  /** Called once. `reason` as for `failed`, which was not called if it ended by itself. */
  exited(reason: string): void;
}

export interface Sandbox {
  /** Gives it one event. The next may follow when this one is answered. */
  invoke(message: InvokeMessage): void;
  /** Memory of the code and its data; null if it cannot be told. */
  memoryBytes(): Promise<number | null>;
  /** Ends it, whatever it does. Settles when nothing of it is left. */
  terminate(): Promise<unknown>;
}
