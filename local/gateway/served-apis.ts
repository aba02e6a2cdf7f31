/** Where the APIs of a stack answer on this machine. Pure. */
import type { ServedApi } from '../process/messages.ts';
import type { StackModel } from '../template/model.ts';

export function servedApis(
  { webSocketApi, httpApi, restApi }: StackModel,
  { gatewayAddress, httpAddress }: { gatewayAddress: string; httpAddress: string },
): ServedApi[] {
  const apis: ServedApi[] = [];
  if (webSocketApi) {
    const { logicalId, stage } = webSocketApi;
    apis.push({ logicalId, kind: 'webSocket', url: `ws://${gatewayAddress}/${stage}` });
  }
  if (httpApi) {
    const { logicalId, stage } = httpApi;
    apis.push({ logicalId, kind: 'http', url: `http://${httpAddress}${stage === '$default' ? '' : `/${stage}`}` });
  }
  if (restApi) apis.push({ logicalId: restApi.logicalId, kind: 'rest', url: `http://${httpAddress}/${restApi.stage}` });
  return apis;
}
