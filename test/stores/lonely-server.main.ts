/** A server without anybody who stops it: says where it is, and waits to be killed. */
import { neededBinaries } from '../../local/postgres/binaries.ts';
import { DatabaseServer } from '../../local/postgres/database-server.ts';

const server = await DatabaseServer.start({
  ...{ binaries: neededBinaries(), maxConnections: 5, owner: 'owner', database: 'app' },
  ...{ onLog: () => {}, onCrash: () => {} },
});
console.log(JSON.stringify({ pid: server.pid, folder: server.folder }));
setInterval(() => {}, 1_000);
