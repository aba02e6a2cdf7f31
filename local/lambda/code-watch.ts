/** Tells which functions' code has changed on disk. */
import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { sep } from 'node:path';
import type { FunctionModel } from '../template/model.ts';

export interface CodeWatchSettings {
  functions: readonly Pick<FunctionModel, 'functionName' | 'codeFolder'>[];
  /** Once for what changed together, when it has come to rest. */
  onChange: (functionNames: readonly string[]) => void;
}

/** A build writes many files, one after the other. */
const restMs = 150;
/** A build may remove the folder, and make another in its place. */
const lookAgainMs = 250;
/** Written by running the code, not by changing it. */
const madeByRunning = new Set(['__pycache__', '.git', '.DS_Store']);

/** Returns the function that ends it. Nothing is thrown for a folder that cannot be watched: it is looked for again. */
export function watchCode({ functions, onChange }: CodeWatchSettings): () => void {
  const namesOf = Map.groupBy(functions, ({ codeFolder }) => codeFolder);
  const folders = [...namesOf.keys()].map((folder) => new WatchedFolder(folder, () => changed(folder)));
  const due = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  function changed(folder: string): void {
    for (const { functionName } of namesOf.get(folder) ?? []) due.add(functionName);
    clearTimeout(timer);
    timer = setTimeout(() => {
      onChange([...due].toSorted());
      due.clear();
    }, restMs);
  }
  return () => {
    clearTimeout(timer);
    for (const folder of folders) folder.close();
  };
}

class WatchedFolder {
  #path: string;
  #onChange: () => void;
  #watcher: FSWatcher | null = null;
  /** Of the folder that is watched: one of the same name may have taken its place, even with the same inode. */
  #identity = '';
  #timer: NodeJS.Timeout;

  constructor(path: string, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
    this.#watch();
    this.#timer = setInterval(() => this.#lookAgain(), lookAgainMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  #watch(): void {
    this.#watcher?.close();
    this.#watcher = null;
    try {
      this.#identity = identityOf(this.#path);
      this.#watcher = watch(this.#path, { recursive: true, persistent: false }, (_event, name) => {
        if (!(name ?? '').split(sep).some((part) => madeByRunning.has(part))) this.#onChange();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // It is not there, or cannot be watched.
    }
  }

  #lookAgain(): void {
    if (!existsSync(this.#path)) return;
    if (this.#watcher !== null && identityOf(this.#path) === this.#identity) return;
    this.#watch();
    this.#onChange();
  }
}

function identityOf(path: string): string {
  const { ino = 0, birthtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${ino} ${birthtimeMs}`;
}
