/** What databases cost in a month, whatever the load: hours of instances and of what stands in front of them, storage, and the way out of their network. */
import { instanceClassOf, proxyLeastVcpus } from '../../aws/rds-instances.ts';
import type { DeployedDatabase } from '../headroom/deployment.ts';
import { type Known, known, mapKnown, unknown } from '../known.ts';
import { component, gb, hoursPerMonth, monthly, type Quantity } from './quantity.ts';

/** Request, answer and TLS of a call of @connections, beside the frame. An assumption. */
const callBytes = 2_000;

/** `pushes`: calls of @connections a second; `pushBytes`: of the mean frame. */
export function databaseQuantities(
  databases: readonly DeployedDatabase[],
  { pushes, pushBytes }: { pushes: Known<number>; pushBytes: number },
): Quantity[] {
  return databases.flatMap(({ id, instanceClass, instances, storageGb, proxyPercent, natGateways }): Quantity[] => {
    const found = instanceClassOf(instanceClass);
    const hours = found
      ? known(instances * hoursPerMonth)
      : unknown(`The price of ${instanceClass} is not known here.`);
    const vcpus = Math.max(proxyLeastVcpus, found?.vcpus ?? proxyLeastVcpus);
    return [
      component(
        `rds.instance.${id}`,
        `RDS ${instanceClass} (${id})`,
        found?.price ?? 'rdsT4gMicroHour',
        hours,
        'instances, one in each zone × hours of the month',
      ),
      component(
        `rds.storage.${id}`,
        `RDS storage (${id})`,
        'rdsStorageGbMonth',
        known(instances * storageGb),
        'GB that are set × instances; backups up to this size are free',
      ),
      ...(proxyPercent === null
        ? []
        : [
            component(
              `rds.proxy.${id}`,
              `RDS Proxy (${id})`,
              'rdsProxyVcpuHour',
              known(vcpus * hoursPerMonth),
              'vCPUs of the instance, two at least × hours of the month',
            ),
          ]),
      component(
        `nat.hours.${id}`,
        'NAT gateways',
        'natGatewayHour',
        known(natGateways * hoursPerMonth),
        'gateways × hours of the month: functions in the network of the database call @connections, SQS and Secrets Manager through them',
      ),
      component(
        `nat.gb.${id}`,
        'NAT gateway traffic',
        'natGatewayGb',
        monthly(mapKnown(pushes, (perSecond) => (perSecond * (pushBytes + callBytes)) / gb)),
        `@connections calls/s × (mean frame + ${callBytes} bytes of the call, an assumption)`,
      ),
    ];
  });
}
