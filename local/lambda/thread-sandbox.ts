/** A thread of this process, for Node.js: started in a few milliseconds, and reached without a socket. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeCache } from '../process/code-cache.ts';
import { type EnvironmentDescription, encodeInvoke, type InvokeMessage } from './protocol.ts';
import type { Sandbox, SandboxEvents, SandboxSettings } from './sandbox.ts';

/** V8's limit, far enough above the function's memory for the environment's own check to act first. */
const heapLimitMb = (memoryMb: number): number => 2 * memoryMb + 2_048;

export class ThreadSandbox implements Sandbox {
  #worker: Worker;

  constructor({ model, variables, logStreamName, pausePerCpuMs, addresses }: SandboxSettings, events: SandboxEvents) {
    const description: EnvironmentDescription = {
      functionName: model.functionName,
      functionArn: model.arn,
      runtime: model.runtime,
      memoryMb: model.memoryMb,
      codeFolder: model.codeFolder,
      layerFolders: model.layerFolders,
      handler: model.handler,
      logStreamName,
      pausePerCpuMs,
      addresses,
    };
    const worker = new Worker(new URL(`./environment.main${extname(import.meta.url)}`, import.meta.url), {
      workerData: description,
      env: { ...codeCache(), ...variables },
      execArgv: [],
      // What escapes the thread's own capture must not reach the target's stdout.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(model.memoryMb) },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', events.message);
    worker.on('error', (error) => events.failed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => events.exited(`Error: Runtime exited with exit status ${code}`));
    this.#worker = worker;
  }

  invoke(message: InvokeMessage): void {
    this.#worker.postMessage(encodeInvoke(message));
  }

  async memoryBytes(): Promise<number | null> {
    // It rejects for a thread that has ended meanwhile.
    const heap = await this.#worker.getHeapStatistics().catch(() => null);
    return heap && heap.used_heap_size + heap.external_memory;
  }

  terminate(): Promise<unknown> {
    return this.#worker.terminate();
  }
}
