// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The load of each shape of the gallery: what its clients say over a WebSocket, how they know the answer, and what its stack must have done by then. */

import type { ServeOptions } from '../../local/start.ts';
import type { ResourceUse } from '../../reports/analysis/resource-use.ts';

export interface LoadedShape {
  name: string;
  /** By default the folder of its name. */
  choice?: (folder: string) => Promise<ServeOptions['choice']> | ServeOptions['choice'];
  options?: Partial<ServeOptions>;
  message: string;
  answer: string;
  /** Added to the address of the WebSocket API. */
  query?: string;
  /** Needs packages of Python. */
  python?: true;
  /** Rows of the report, by logical id, in which each message shows at least once. */
  busy: Partial<Record<keyof ResourceUse, readonly string[]>>;
}

export const loadedShapes: readonly LoadedShape[] = [
  {
    name: 'chat-sam',
    python: true,
    message: '{"action":"say","text":"<${id}>"}',
    answer: '/<(.+)>/',
    busy: { webSocketApis: ['Chat'], functions: ['Say'], tables: ['Connections'] },
  },
  {
    name: 'cdk-votes',
    async choice(folder) {
      (await import('./cdk-votes.fixture.ts')).synthesizeVotes(folder);
      return { kind: 'app', folder, stack: 'Votes' };
    },
    message: '{"action":"vote","choice":"tea"}',
    answer: 'next',
    busy: { webSocketApis: ['Voting'], functions: ['vote'], tables: ['Table'] },
  },
  {
    name: 'serverless-door',
    async choice(folder) {
      (await import('./serverless-door.fixture.ts')).writeServerlessDoor(folder);
      return { kind: 'template', path: folder };
    },
    query: '?key=open%20sesame',
    message: 'knock ${id}',
    answer: 'next',
    busy: { webSocketApis: ['WebsocketsApi'], functions: ['hall'] },
  },
  {
    name: 'fifo-orders',
    message: '{"action":"order","id":"${id}"}',
    answer: '$.spread',
    busy: { webSocketApis: ['Desk'], functions: ['Accept'], queues: ['Orders', 'Packing', 'Billing'] },
  },
  {
    name: 'single-table',
    message: '{"action":"transfer","id":"${id}","from":"ann","to":"bob","amount":1}',
    answer: '$.done',
    busy: { webSocketApis: ['Counter'], functions: ['Transfer'], tables: ['Ledger'] },
  },
  {
    name: 'failing-worker',
    message: '{"action":"work","work":"${id}"}',
    answer: '/done "(.+)"/',
    busy: { webSocketApis: ['Door'], queues: ['Work'] },
  },
  {
    name: 'sized-by-stage',
    options: { given: { ssm: { '/greeting': 'Good day' }, imports: { 'network-name': 'inner' } } },
    message: '{"action":"hi","id":"${id}"}',
    answer: 'next',
    busy: { webSocketApis: ['Chat'], functions: ['Hello'] },
  },
  {
    name: 'rest-hooks',
    python: true,
    options: { given: { parameters: { Upstream: 'http://127.0.0.1:9' } } },
    message: '{"action":"hook","id":"${id}"}',
    answer: '$.id',
    busy: { webSocketApis: ['Live'], httpApis: ['Hooks'], functions: ['Receive'] },
  },
  {
    name: 'python-chat',
    python: true,
    message: '{"action":"say","id":"${id}"}',
    answer: '$.id',
    busy: { webSocketApis: ['Chat'], functions: ['Handle'], tables: ['People'] },
  },
  {
    name: 'guarded-notes',
    options: { given: { parameters: { Issuer: 'http://127.0.0.1:9' }, ssm: { '/notes/key': 'k' } } },
    message: '{"action":"note","id":"${id}"}',
    answer: '$.noted',
    busy: { webSocketApis: ['Live'], functions: ['Note'], tables: ['Pages'] },
  },
  {
    name: 'nested-shop',
    message: '{"action":"orderNO","id":"${id}"}',
    answer: '$.id',
    busy: { webSocketApis: ['Shop'], functions: ['Norway/Order'], queues: ['Audit'] },
  },
];
