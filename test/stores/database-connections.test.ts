import { describe, expect, test } from 'vitest';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings, type StackSettingsInput } from '../../stack/settings/settings.ts';

describe('connections of a database', () => {
  const limitOf = (settings: StackSettingsInput['database'], stated: Record<string, number> = {}) => {
    const parsed = parseSettings({ store: 'postgres', database: settings });
    return quotasInForce(referenceDeployment(parsed, 'us-east-1'), stated).find(
      ({ quota }) => quota === 'databaseConnections',
    );
  };

  test('that are set are the stack’s setting, those of the class AWS’s default', () => {
    // Less three that PostgreSQL keeps, and two of upkeep.
    expect(limitOf({ maxConnections: 500 })).toMatchObject({ limit: 495, limitFrom: 'setting' });
    expect(limitOf({ maxConnections: 500, proxyConnectionsPercent: 50 })).toMatchObject({ limit: 247 });
    expect(limitOf({})).toMatchObject({ limit: 107, limitFrom: 'default' });
  });

  test('of a class whose memory is not known are known only where they are set or stated', () => {
    const instanceClass = 'z9.large';
    expect(limitOf({ instanceClass })).toBeUndefined();
    expect(limitOf({ instanceClass, maxConnections: 500 })).toMatchObject({ limit: 495 });
    expect(limitOf({ instanceClass }, { databaseConnections: 300 })).toMatchObject({ limit: 300 });
  });
});
