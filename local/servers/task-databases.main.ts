/** Loaded by the process of a task before its code: connections to the databases of the stack lead to this machine. */
import { rerouteHosts } from '../lambda/node/rerouted-hosts.ts';
import { databaseVariable } from './task-databases.ts';

const addresses: Record<string, string> = JSON.parse(process.env[databaseVariable] ?? '{}');
// It has been read. On AWS there is none.
delete process.env[databaseVariable];
rerouteHosts(addresses);
