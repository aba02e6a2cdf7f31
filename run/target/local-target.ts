/** The reference stack on this machine. */
import { type ServeOptions, serveStack } from '../../local/start.ts';
import type { TargetDescription } from '../../record/target.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import type { CloudAssembly } from '../../stack/synthesis/synthesize.ts';
import { synthesizeApart } from '../../stack/synthesis/synthesize-apart.ts';
import { describeStack, readOutputs } from './stack-description.ts';

export interface LocalTargetOptions extends Omit<ServeOptions, 'choice' | 'given' | 'ignore' | 'stackName' | 'region'> {
  settings: StackSettings;
  /**
   * Another stack in place of the reference stack: any template with the outputs of `stack/target.ts`. Of the settings only the stack's
   * name and region are then used.
   */
  assembly?: CloudAssembly;
}

export interface LocalTarget {
  target: TargetDescription;
  /** Settles when the target has ended, wanted or not; `reason` is a sentence. Never rejects. */
  exited: Promise<{ code: number | null; reason: string }>;
  /** As `exited`, but already when one of its processes has failed and the others are being ended. */
  failed: Promise<{ reason: string }>;
  /** Names of its processes that do not answer within the limit, in milliseconds. */
  silentParts: (limitMs: number) => Promise<string[]>;
  /** Names of its processes that did not end when asked to, and were killed. */
  killed: readonly string[];
  /** Ends every process of the target, in a few seconds at most. May be called more than once. */
  stop: () => Promise<void>;
}

/** Synthesizes the stack, or takes it from the cache, and serves it. @throws as {@link serveStack}, and when an output is missing. */
export async function startLocalTarget({ settings, assembly, ...options }: LocalTargetOptions): Promise<LocalTarget> {
  const { stackName, region } = settings;
  const made = assembly ?? (await synthesizeApart(settings, options.signal));
  const choice = { kind: 'template', path: made.templatePath, folder: made.assemblyDir } as const;
  const served = await serveStack({ ...options, choice, stackName, region });
  const { accountId, graph, endpoints, secrets, model, processIds, exited, failed, silentParts, killed, stop } = served;
  try {
    const outputs = readOutputs((name) => served.outputs[name], `template of ${stackName}`);
    const { apiGatewayManagementApi = '' } = endpoints;
    const target = describeStack({
      kind: 'local',
      region,
      accountId,
      graph,
      outputs,
      tokenSecret: secrets[outputs.tokenSecretArn] ?? '',
      webhookSecret: secrets[outputs.webhookSecretArn] ?? '',
    });
    return {
      target: {
        ...target,
        endpoints: { ...endpoints, apiGatewayManagementApi },
        model,
        processIds: [...processIds],
      },
      ...{ exited, failed, silentParts, killed, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
