/** What databases cost in a month, whatever the load: hours of instances and of what stands in front of them, storage, and the way out of their network. */
import { instanceClassOf, proxyLeastVcpus } from '../../aws/rds-instances.ts';
import type { DeployedDatabase } from '../headroom/deployment.ts';
import { combine, type Known, known, unknown } from '../known.ts';
import { component, gb, hoursPerMonth, monthly, type Quantity } from './quantity.ts';

/** Request, answer and TLS of a call of @connections, beside the frame. An assumption. */
const callBytes = 2_000;

/** `pushes`: calls of @connections a second; `pushBytes`: of the mean frame. */
export function databaseQuantities(
  databases: readonly DeployedDatabase[],
  { pushes, pushBytes }: { pushes: Known<number>; pushBytes: Known<number> },
): Quantity[] {
  // Without pushes nothing needs their size.
  const needed = pushes.kind === 'value' && pushes.value === 0 ? [pushes] : [pushes, pushBytes];
  const natTraffic = combine(needed, ([perSecond = 0, bytes = 0]) => (perSecond * (bytes + callBytes)) / gb);
  return databases.flatMap(({ id, instanceClass, instances, storageGb, proxyPercent, natGateways }): Quantity[] => {
    const found = instanceClassOf(instanceClass);
    const hours = found
      ? known(instances * hoursPerMonth)
      : unknown(`The price of ${instanceClass} is not known here.`);
    const proxyHours = found
      ? known(Math.max(proxyLeastVcpus, found.vcpus) * hoursPerMonth)
      : unknown(`How many vCPUs ${instanceClass} has is not known here.`);
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
              proxyHours,
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
        monthly(natTraffic),
        `@connections calls/s × (mean frame + ${callBytes} bytes of the call, an assumption)`,
      ),
    ];
  });
}
