/** Load balancers, services and caches of a stack, as one part of the target: the tasks are processes of their own. */
import { join } from 'node:path';
import { parseEmf } from '../cloudwatch/store/emf.ts';
import type { Interference } from '../interference/interference.ts';
import { openLogFile } from '../process/log-file.ts';
import type { MetricBatch, ServersConfiguration, ServersReady } from '../process/messages.ts';
import type { ServiceModel } from '../template/servers/server-model.ts';
import { Balancer } from './balancer.ts';
import { type RunningBus, startEmbeddedBus } from './bus/embedded-bus.ts';
import { findInstalledBus, startInstalledBus } from './bus/installed-bus.ts';
import { TaskService } from './task-service.ts';
import { taskVariables } from './task-variables.ts';

type Report = (batches: readonly MetricBatch[]) => void;

export class Servers {
  readonly #configuration: ServersConfiguration;
  readonly #report: Report;
  readonly #logs = new Map<string, ReturnType<typeof openLogFile>>();
  #balancers: Balancer[] = [];
  #services: TaskService[] = [];
  #buses: RunningBus[] = [];

  constructor(configuration: ServersConfiguration, report: Report) {
    this.#configuration = configuration;
    this.#report = report;
  }

  /** @throws when a port cannot be listened on, or a task does not become healthy. */
  async start(): Promise<ServersReady> {
    const { balancers, services, caches, region, endpoints, databaseAddresses, port } = this.#configuration;
    this.#balancers = balancers.map((model) => new Balancer(model));
    for (const [place, balancer] of this.#balancers.entries()) await balancer.listen(place === 0 ? port : 0);
    const program = caches.length === 0 ? null : findInstalledBus();
    const addresses = await Promise.all(
      caches.map(async (model) => {
        const bus = program === null ? await startEmbeddedBus() : await startInstalledBus(program);
        this.#buses.push(bus);
        return { model, address: `127.0.0.1:${bus.port}` };
      }),
    );
    const place = { region, endpoints, databaseAddresses, caches: addresses };
    this.#services = services.map(
      (model) =>
        new TaskService({
          model,
          balancer:
            this.#balancers.find(({ model: { targetGroup } }) => targetGroup.arn === model.targetGroup?.arn) ?? null,
          environment: taskVariables(model.task, place),
          onOutput: (text) => this.#output(model, text),
        }),
    );
    await Promise.all(this.#services.map((service) => service.start()));
    return {
      addresses: this.#balancers.map(({ model, address }) => ({
        ...{ logicalId: model.logicalId, address },
        dnsName: model.dnsName,
      })),
      cache: caches.length === 0 ? null : program === null ? 'embedded' : 'installed',
      processIds: [
        ...this.#services.flatMap(({ processIds }) => processIds),
        ...this.#buses.flatMap(({ processId }) => (processId === null ? [] : [processId])),
      ],
    };
  }

  /** What happened since the last call. */
  async drain(timestampMs: number): Promise<MetricBatch[]> {
    const ofServices = await Promise.all(this.#services.map((service) => service.drain(timestampMs)));
    return [
      ...this.#balancers.flatMap(({ metrics, healthyTargets }) => metrics.drain(timestampMs, healthyTargets)),
      ...ofServices.flat(),
    ];
  }

  /** Ends the tasks and connections that faults have chosen. To be called once a second, and when faults change. */
  interfere(interference: Interference): void {
    if (!interference.active) return;
    for (const service of this.#services) {
      const stops = interference.taskStops(service.name, service.running);
      service.end(stops.flatMap(({ place, way }) => (way === 'deploy' ? [] : [{ place, way }])));
      if (stops.some(({ way }) => way === 'deploy')) void service.deploy();
    }
    const clients = this.#balancers.flatMap((balancer) => [...balancer.clients]);
    for (const [place, { way, code }] of interference.disconnections(clients.length)) {
      if (way === 'reset') clients[place]?.resetAndDestroy();
      else clients[place]?.end(closeFrame(code));
    }
  }

  async stop(): Promise<void> {
    for (const balancer of this.#balancers) balancer.close();
    await Promise.all(this.#services.map((service) => service.close()));
    for (const bus of this.#buses) bus.close();
    for (const log of this.#logs.values()) log.end();
  }

  /** Lines in the embedded metric format are metrics, as CloudWatch Logs makes them of a container's output. */
  #output({ logicalId }: ServiceModel, text: string): void {
    const nowMs = Date.now();
    const values = text.split('\n').flatMap((line) => parseEmf(line, nowMs));
    if (values.length > 0)
      this.#report(values.map(({ value, ...metric }): MetricBatch => ({ ...metric, values: [value] })));
    this.#logOf(logicalId)?.write(text);
  }

  #logOf(logicalId: string): ReturnType<typeof openLogFile> | null {
    const { logFolder } = this.#configuration;
    if (logFolder === null) return null;
    const known = this.#logs.get(logicalId);
    if (known !== undefined) return known;
    const log = openLogFile(join(logFolder, `service-${logicalId}.log`));
    // A full disk must not bring the target down; the lines are lost.
    log.on('error', () => undefined);
    this.#logs.set(logicalId, log);
    return log;
  }
}

/** A close frame without a reason. Source: RFC 6455, 5.5.1. */
const closeFrame = (code: number): Buffer => Buffer.from([0x88, 2, code >> 8, code & 0xff]);
