/** Systems Manager's Parameter Store, as far as functions read it, over AWS JSON 1.1. Source: API reference, read November 2026. */
import type { ParameterModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success, unknownAction } from './answers.ts';

type Input = Readonly<Record<string, unknown>>;

export interface SsmContext {
  parameters: readonly ParameterModel[];
  region: string;
  accountId: string;
  startedAtMs: number;
}

const actions = ['DescribeParameters', 'GetParameter', 'GetParameters', 'GetParametersByPath'];

export function answerSsm(action: string, input: Input, context: SsmContext): ServiceAnswer {
  const find = (name: unknown) => context.parameters.find((parameter) => parameter.name === plainName(String(name)));
  switch (action) {
    case 'GetParameter': {
      const found = find(input.Name);
      return found
        ? success({ Parameter: shown(found, context) })
        : failure(400, 'ParameterNotFound', `The stack has no parameter ${String(input.Name)}.`);
    }
    case 'DescribeParameters':
      return success({
        Parameters: context.parameters.map((parameter) => {
          const { Value: _value, ...rest } = shown(parameter, context);
          return rest;
        }),
      });
    case 'GetParameters': {
      const names = Array.isArray(input.Names) ? input.Names.map(String) : [];
      const found = names.map(find).filter((parameter) => parameter !== undefined);
      return success({
        Parameters: found.map((parameter) => shown(parameter, context)),
        InvalidParameters: names.filter((name) => find(name) === undefined),
      });
    }
    case 'GetParametersByPath': {
      const path = `${String(input.Path).replace(/\/$/, '')}/`;
      const below = context.parameters.filter(({ name }) => name.startsWith(path));
      const direct =
        input.Recursive === true ? below : below.filter(({ name }) => !name.slice(path.length).includes('/'));
      return success({ Parameters: direct.map((parameter) => shown(parameter, context)) });
    }
    default:
      return unknownAction('SSM', action, actions);
  }
}

/** Without ARN and version. */
const plainName = (name: string): string => name.replace(/^arn:aws:ssm:[^:]*:[^:]*:parameter/, '').replace(/:\d+$/, '');

function shown({ name, type, value }: ParameterModel, { region, accountId, startedAtMs }: SsmContext) {
  const path = name.startsWith('/') ? name : `/${name}`;
  return {
    Name: name,
    Type: type,
    Value: value,
    Version: 1,
    LastModifiedDate: startedAtMs / 1_000,
    ARN: `arn:aws:ssm:${region}:${accountId}:parameter${path}`,
    DataType: 'text',
  };
}
