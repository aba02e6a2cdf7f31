import type { StackSettingsInput } from '../../stack/settings/settings.ts';

/** The default stack, and every setting that adds resources or permissions. */
export const variants: Readonly<Record<string, StackSettingsInput>> = {
  default: {},
  direct: { ingest: 'direct' },
  'REST, a function': { webhookApi: 'rest' },
  'REST, direct': { webhookApi: 'rest', ingest: 'direct' },
  'REST, mock': { webhookApi: 'rest', ingest: 'mock' },
  'REST, forwarded': { webhookApi: 'rest', ingest: 'forward', forwardUrl: 'https://hooks.example.com/webhooks' },
  forwarded: { ingest: 'forward', forwardUrl: 'https://hooks.example.com/webhooks' },
  postgres: { store: 'postgres' },
  'postgres with fallback': { store: 'postgres', fallback: {} },
  'postgres without a proxy': { store: 'postgres', database: { proxy: false, maxConnections: 200 } },
  everything: { tracing: true, detailedMetrics: true, accessLogs: { accountRole: 'create' } },
  fallback: { fallback: {} },
  'without access logs': { accessLogs: { webhook: false, webSocket: false } },
  server: { compute: 'server' },
  'server with postgres': { compute: 'server', store: 'postgres', fallback: {} },
  'server with postgres without a proxy': {
    ...{ compute: 'server', store: 'postgres', server: { capacity: 'ec2' }, database: { proxy: false } },
  },
  'server on instances': { compute: 'server', server: { capacity: 'ec2' } },
  'topic of the account': {
    alarms: { topicArn: 'arn:aws:sns:us-east-1:123456789012:alarms', emails: ['ops@example.com'] },
  },
};
