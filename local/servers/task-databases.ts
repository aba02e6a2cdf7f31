/** How tasks reach the databases of a stack: by their names on AWS, which lead to this machine in each task's process. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Host → `host:port`, as JSON. */
export const databaseVariable = 'LOADLINE_DATABASES';

/** Loaded by a task's process before its code. */
const preload = fileURLToPath(new URL(`./task-databases.main${extname(import.meta.url)}`, import.meta.url));

/** Of Node.js, for a task with this environment. */
export const databaseArguments = (environment: Readonly<Record<string, string>>): string[] =>
  environment[databaseVariable] === undefined ? [] : ['--import', preload];
