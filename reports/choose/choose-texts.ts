/** What is true of the variants whatever the plan, and what a comparison of them assumes. */
import { quotaCode } from '../../aws/quotas/table.ts';
import { webhooksPerConnection } from '../../capacity/servers/balancer-load.ts';
import { memoryShareOfTasks } from '../../capacity/servers/instances.ts';
import { usableMemoryShare } from '../../capacity/servers/service-demand.ts';
import { percent } from '../analysis/numbers.ts';

export const failsAt = {
  functions: [
    `A connection ends after 2 h, and after 10 min without traffic: clients come back all day (${quotaCode('webSocketLifetime')}, ${quotaCode('webSocketIdle')}).`,
    `A new account has 10 concurrent executions, and 500 new connections a second: a reconnect storm meets both (${quotaCode('accountConcurrency')}, ${quotaCode('newConnections')}).`,
    'A function that is throttled answers a webhook with 500 or 503, and a provider may not come back.',
    'Cold starts are in the p99 of what comes rarely; each push is an HTTP call.',
  ],
  service: [
    'Every deployment closes every connection: over how long is a setting (closeOverSeconds), and clients must come back with jitter.',
    'A task that dies takes its connections with it, thousands at once; a single task is an outage. So there is always one more than the load needs.',
    'Autoscaling takes 3 to 5 minutes, and idle WebSockets look like no load: bursts are met with what is there.',
    'The bus keeps nothing: while it moves to another node, pushes across tasks wait or come twice.',
    'A client that stops reading costs memory until it is cut off.',
    'With PostgreSQL, tasks × databaseConnections are connections of the database unless a proxy lends them, and more of them while a deployment replaces tasks; while it fails over (60 to 120 s) nobody connects, subscribes or publishes, and webhooks wait in the queue.',
  ],
};

export const changingLater = [
  'Protocol, tokens, table, queue and secrets are the same: rows and messages of one variant are read by the other.',
  'The addresses change: both stacks can run side by side on different names, and DNS or the page that hands out the URL moves users over; connections move when they reconnect.',
  'The webhook provider gets a new URL and challenge; events are claimed by id, so a webhook that comes to both is pushed once only where both use one table.',
  'From functions to tasks: a container image, a VPC, deployments that drain, alarms on memory and health. Back: reserved concurrency, quotas raised in time (days), clients that survive 2 h.',
];

export const assumptions = [
  'What a unit costs a task may be twice or half as much, and so may durations of functions that were not measured on AWS; the interval of a crossover is that of these costs.',
  `Tasks are those of the peak plus one spare, all month: autoscaling saves some of it. ${percent(usableMemoryShare)} of a task’s memory is for connections; on an EC2 instance ${percent(memoryShareOfTasks)} of the memory is for tasks.`,
  `Capacity units of the load balancer are those of the day’s mean; ${webhooksPerConnection} webhooks come over each connection of the provider.`,
  'Where pages ask over HTTP (setting `fallback`), a task is taken to need as much CPU for a read of events as for a connect, and as for a message for one of the stage, and to be asked as often as functions are.',
  'Table or database, queue, data out, secrets and metrics are in both bills; logs of tasks, volumes of EC2 instances and traffic between zones are left out.',
  'A point on the way is this plan with more or fewer users; what a user does stays.',
  'Nothing of this has run on AWS: what a run measured on this machine are costs and behaviour, not AWS’s durations.',
];
