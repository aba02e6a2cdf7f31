/** A process that holds WebSockets for the gateway. Its channel to the core is the descriptor after the IPC's. */
import { Socket } from 'node:net';
import { runChild } from '../../process/child.ts';
import { channelDescriptor } from '../../process/spawned-part.ts';
import { type EdgeConfiguration, type EdgeReady, startEdge } from './edge.ts';

runChild<EdgeConfiguration, EdgeReady>((configuration, report) =>
  startEdge(configuration, new Socket({ fd: channelDescriptor, readable: true, writable: true }), (batches) =>
    report({ kind: 'metrics', batches }),
  ),
);
