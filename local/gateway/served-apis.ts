/** Where the APIs of a stack answer on this machine: the first of each kind share a port, any other has one of its own. Pure. */
import type { ServedApi } from '../process/messages.ts';
import type { HttpApiModel, RestApiModel, WebSocketApiModel } from '../template/apis/api-models.ts';
import type { StackModel } from '../template/model.ts';

/** The APIs of one port. */
export interface ApiGroup {
  webSocket: WebSocketApiModel | null;
  http: HttpApiModel | null;
  rest: RestApiModel | null;
}

const none: ApiGroup = { webSocket: null, http: null, rest: null };

export interface ApiPlaces {
  shared: ApiGroup;
  /** Each has one API. */
  own: readonly { apiId: string; group: ApiGroup }[];
}

type Apis = Pick<StackModel, 'webSocketApis' | 'httpApis' | 'restApis' | 'functionUrls'>;

export function placesOf({ webSocketApis, httpApis, restApis, functionUrls }: Apis): ApiPlaces {
  const [webSocket = null, ...webSockets] = webSocketApis;
  const [http = null, ...https] = httpApis;
  const [first = null, ...others] = restApis;
  // Paths tell the two apart: those of the REST API begin with its stage.
  const rest = first !== null && first.stage === http?.stage ? null : first;
  const rests = rest === null && first !== null ? [first, ...others] : others;
  return {
    shared: { webSocket, http, rest },
    own: [
      ...webSockets.map((api) => ({ apiId: api.apiId, group: { ...none, webSocket: api } })),
      ...[...https, ...functionUrls].map((api) => ({ apiId: api.apiId, group: { ...none, http: api } })),
      ...rests.map((api) => ({ apiId: api.apiId, group: { ...none, rest: api } })),
    ],
  };
}

export interface GatewayAddresses {
  gatewayAddress: string;
  httpAddress: string;
  ownAddresses: Readonly<Record<string, string>>;
}

export function servedApis(stack: Apis, { gatewayAddress, httpAddress, ownAddresses }: GatewayAddresses): ServedApi[] {
  const { webSocketApis, httpApis, restApis, functionUrls } = stack;
  const address = ({ apiId }: { apiId: string }) => ownAddresses[apiId] ?? httpAddress;
  return [
    ...webSocketApis.map(
      (api): ServedApi => ({
        ...{ logicalId: api.logicalId, kind: 'webSocket' },
        url: `ws://${ownAddresses[api.apiId] ?? gatewayAddress}/${api.stage}`,
      }),
    ),
    ...httpApis.map(
      (api): ServedApi => ({
        ...{ logicalId: api.logicalId, kind: 'http' },
        url: `http://${address(api)}${api.stage === '$default' ? '' : `/${api.stage}`}`,
      }),
    ),
    ...restApis.map(
      (api): ServedApi => ({
        ...{ logicalId: api.logicalId, kind: 'rest', url: `http://${address(api)}/${api.stage}` },
      }),
    ),
    ...functionUrls.map(
      (api): ServedApi => ({ logicalId: api.logicalId, kind: 'functionUrl', url: `http://${address(api)}/` }),
    ),
  ];
}
