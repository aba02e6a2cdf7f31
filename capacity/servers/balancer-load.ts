/** What a load asks of a load balancer. Pure. */
import { balancerUnits } from '../../aws/servers/balancer-units.ts';
import { fanOutMean } from '../cost/fan-out-mean.ts';
import { gb } from '../cost/quantity.ts';
import { dailyMean, type Load } from '../demand/load.ts';
import { burstMoment, type Moment, meanMoment, pushesPerWebhook } from '../demand/rates.ts';

/** Of an answer to a message, a pushed event, and a handshake, with headers. Assumptions. */
const frameBytes = 300;
const handshakeBytes = 2_000;
/** A provider keeps its connections open: how many webhooks it posts over each. An assumption. */
export const webhooksPerConnection = 10;

const secondsPerHour = 3_600;

/** Capacity units of the mean of the day: what is charged. */
export function meanUnits(peak: Load): number {
  const load = dailyMean(peak);
  return unitsOf(load, meanMoment(load), fanOutMean(load).pushedBytes);
}

/** Capacity units while webhooks and connects are in their bursts. */
export const peakUnits = (load: Load): number => unitsOf(load, burstMoment(load), fanOutMean(load).pushedBytes);

function unitsOf(load: Load, { connects, messages, webhooks }: Moment, pushedBytes: number): number {
  const bytesPerSecond =
    messages * (load.messageBytes + frameBytes) +
    webhooks * (load.webhookBytes + pushesPerWebhook(load) * frameBytes) +
    connects * handshakeBytes +
    pushedBytes;
  return balancerUnits({
    newConnectionsPerSecond: connects + webhooks / webhooksPerConnection,
    activeConnections: load.peakConnections,
    gbPerHour: (bytesPerSecond * secondsPerHour) / gb,
  });
}
