/** A stack of the user's own, as the options name it. */
import { z } from 'zod';
import { isPossibleSecret } from '../../engine/src/concealment.ts';
import type { GivenValues, TemplateChoice } from '../../local/start.ts';
import { UsageError } from '../errors.ts';
import { readYamlFile } from '../input-file.ts';
import { givenValue } from './given-value.ts';

export interface OwnTemplateOptions {
  template?: string;
  app?: string;
  stack?: string;
  parameter?: Record<string, string>;
  parameters?: string;
  ssm?: Record<string, string>;
  import?: Record<string, string>;
  ignore?: string[];
  stackName?: string;
  region?: string;
}

/** What `startLocalStack` serves. */
export interface OwnTemplate {
  choice: TemplateChoice;
  given: GivenValues;
  ignore: readonly string[];
  stackName?: string;
  region: string;
  /** Values that were given by reference. */
  secrets: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultRegion = 'us-east-1';
const needsTemplate = ['stack', 'parameter', 'parameters', 'ssm', 'import', 'ignore', 'stackName', 'region'] as const;
/** Where a command has the others for other targets as well. */
export const templateOnly = ['parameter', 'parameters', 'ssm', 'import', 'ignore'] as const;
const flagOf = (name: string): string => `--${name.replace('N', '-n')}`;

/**
 * Null: neither --template nor --app. Values may name a variable or a file, as those of other options.
 * @param alone options that mean nothing without.
 * @throws UsageError for options that do not go together.
 */
export function readTemplateOptions(
  options: OwnTemplateOptions,
  { environment, alone = needsTemplate }: { environment: Environment; alone?: readonly (keyof OwnTemplateOptions)[] },
): OwnTemplate | null {
  const { template, app, stack } = options;
  if (template !== undefined && app !== undefined)
    throw new UsageError('Either --template or --app: each names one stack.');
  const choice = choiceOf(options);
  if (choice === null) {
    const lone = alone.find((name) => options[name] !== undefined);
    if (lone !== undefined) throw new UsageError(`${flagOf(lone)} is of a stack of your own: add --template or --app.`);
    return null;
  }
  if (stack !== undefined && app === undefined) throw new UsageError('--stack chooses a stack of --app.');
  if (options.stackName !== undefined && !/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(options.stackName))
    throw new UsageError('--stack-name is 1 to 128 letters, digits and hyphens, the first a letter.');
  const fromFile = options.parameters === undefined ? {} : readParametersFile(options.parameters);
  const secrets: string[] = [];
  const values = (option: string, given: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(given).map(([name, text]) => {
        const { value, reference } = givenValue(`${option} ${name}`, text, environment);
        if (reference !== null) secrets.push(value);
        return [name, value];
      }),
    );
  const parameters = values('--parameter', options.parameter);
  const ssm = values('--ssm', options.ssm);
  const imports = values('--import', options.import);
  return {
    choice,
    given: { parameters: { ...fromFile, ...parameters }, ssm, imports },
    ignore: options.ignore ?? [],
    ...(options.stackName !== undefined && { stackName: options.stackName }),
    region: options.region ?? defaultRegion,
    secrets: secrets.filter(isPossibleSecret),
  };
}

function choiceOf({ template, app, stack }: OwnTemplateOptions): TemplateChoice | null {
  if (app !== undefined) return { kind: 'app', folder: app, ...(stack !== undefined && { stack }) };
  return template === undefined ? null : { kind: 'template', path: template };
}

const valueSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const byName = z.record(z.string(), valueSchema);
/** As `aws cloudformation deploy --parameter-overrides file://…` and `create-stack --parameters file://…` take it. */
const cliList = z
  .array(z.object({ ParameterKey: z.string(), ParameterValue: valueSchema }))
  .transform((list) =>
    Object.fromEntries(list.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue])),
  );
const parametersSchema = z.union([
  cliList,
  z.strictObject({ Parameters: byName }).transform(({ Parameters }) => Parameters),
  byName,
]);

function readParametersFile(path: string): Record<string, string> {
  return readYamlFile(path, 'parameters file', parametersSchema);
}
