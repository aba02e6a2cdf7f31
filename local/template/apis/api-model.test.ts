import { describe, expect, test } from 'vitest';
import { type Json, Problems } from '../../../template/template-error.ts';
import type { ApiSource } from './api-source.ts';
import { httpApisOf } from './http-api-model.ts';
import { webSocketApisOf } from './web-socket-api-model.ts';

const both = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 };

function sourceOf(ProtocolType: string, stage: Record<string, Json>): ApiSource {
  const resource = { metadata: {}, type: 'AWS::ApiGatewayV2::Api' };
  return {
    resources: [
      { ...resource, logicalId: 'Api', kind: 'api', properties: { ProtocolType } },
      { ...resource, logicalId: 'Stage', kind: 'stage', properties: { ApiId: 'id', StageName: 'test', ...stage } },
      { ...resource, logicalId: 'Route', kind: 'route', properties: { ApiId: 'id', RouteKey: 'ping' } },
    ],
    functionNames: new Map(),
    apiIdOf: () => 'id',
    urlIdOf: () => 'url',
    problems: new Problems(),
    permissions: [],
    warnings: [],
    arnPrefix: 'arn:aws:execute-api:us-east-1:0',
  };
}

describe('throttles of a stage', () => {
  test('rate and burst are the throttle of every route, or of one', () => {
    const source = sourceOf('WEBSOCKET', { DefaultRouteSettings: both, RouteSettings: { ping: both } });
    const throttle = { ratePerSecond: 5, burst: 2 };
    expect(webSocketApisOf(source)).toMatchObject([{ defaultThrottle: throttle, routes: [{ throttle }] }]);
  });

  test('settings without rate and burst mean no throttle', () => {
    const source = sourceOf('WEBSOCKET', { DefaultRouteSettings: { DetailedMetricsEnabled: true } });
    expect(webSocketApisOf(source)).toMatchObject([{ defaultThrottle: null, routes: [{ throttle: null }] }]);
  });

  test.each([{ ThrottlingRateLimit: 5 }, { ThrottlingBurstLimit: 2 }])('%j alone is refused', (half) => {
    const problem = 'the local target needs ThrottlingRateLimit and ThrottlingBurstLimit together';
    const found = (source: ApiSource, read: (source: ApiSource) => unknown) => {
      read(source);
      return () => source.problems.throwAny();
    };
    const defaults = { DefaultRouteSettings: half };
    expect(found(sourceOf('WEBSOCKET', defaults), webSocketApisOf)).toThrow(
      `Stage.Properties.DefaultRouteSettings: ${problem}`,
    );
    const ofRoute = { RouteSettings: { ping: half } };
    expect(found(sourceOf('WEBSOCKET', ofRoute), webSocketApisOf)).toThrow(
      `Stage.Properties.RouteSettings.ping: ${problem}`,
    );
    expect(found(sourceOf('HTTP', ofRoute), httpApisOf)).toThrow(problem);
  });
});
