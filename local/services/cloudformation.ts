/** CloudFormation, as far as it describes the served stack. Source: CloudFormation API reference, read November 2026. */
import type { DeclaredResourceModel, StackModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success, unknownAction } from './answers.ts';

export const cloudFormationSpace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

export interface DescribedStack {
  stack: StackModel;
  /** The template, as served. */
  document: unknown;
  /** ISO 8601. */
  startedAt: string;
}

type Action = (described: DescribedStack, form: URLSearchParams) => ServiceAnswer;

const actions: Readonly<Record<string, Action>> = {
  DescribeStacks: (described, form) => forStack(described, form, () => success({ Stacks: [stackOf(described)] })),
  DescribeStackResource: (described, form) =>
    forStack(described, form, () => {
      const id = form.get('LogicalResourceId');
      const resource = described.stack.declared.find(({ logicalId }) => logicalId === id);
      if (!resource) return notFound(`Resource ${id} does not exist for stack ${described.stack.stackName}`);
      const { Timestamp, ...rest } = resourceOf(described, resource);
      return success({ StackResourceDetail: { ...rest, LastUpdatedTimestamp: Timestamp } });
    }),
  DescribeStackEvents: (described, form) =>
    forStack(described, form, () =>
      success({
        StackEvents: described.stack.declared.map((resource) => ({
          EventId: `${resource.logicalId}-CREATE_COMPLETE`,
          ...resourceOf(described, resource),
        })),
      }),
    ),
  DescribeStackResources: (described, form) =>
    forStack(described, form, () =>
      success({ StackResources: described.stack.declared.map((resource) => resourceOf(described, resource)) }),
    ),
  GetTemplate: (described, form) =>
    forStack(described, form, () =>
      success({ TemplateBody: JSON.stringify(described.document), StagesAvailable: ['Original', 'Processed'] }),
    ),
  ListExports: ({ stack }) =>
    success({
      Exports: Object.entries(stack.exports).map(([Name, Value]) => ({
        ExportingStackId: stackId(stack),
        Name,
        Value,
      })),
    }),
  ListStackResources: (described, form) =>
    forStack(described, form, () =>
      success({
        StackResourceSummaries: described.stack.declared.map((resource) => {
          const { StackName: _name, StackId: _id, Timestamp, ...rest } = resourceOf(described, resource);
          return { ...rest, LastUpdatedTimestamp: Timestamp };
        }),
      }),
    ),
  ListStacks: (described) => {
    const { StackId, StackName, CreationTime, StackStatus } = stackOf(described);
    return success({ StackSummaries: [{ StackId, StackName, CreationTime, StackStatus }] });
  },
};

export function answerCloudFormation(action: string, form: URLSearchParams, described: DescribedStack): ServiceAnswer {
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  return act ? act(described, form) : unknownAction('CloudFormation', action, Object.keys(actions));
}

const stackId = ({ stackName, region, accountId }: StackModel): string =>
  `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;

const notFound = (message: string): ServiceAnswer => failure(400, 'ValidationError', message);

function forStack({ stack }: DescribedStack, form: URLSearchParams, answer: () => ServiceAnswer): ServiceAnswer {
  const name = form.get('StackName');
  if (name === null || name === stack.stackName || name === stackId(stack)) return answer();
  return notFound(`Stack with id ${name} does not exist`);
}

function stackOf({ stack, startedAt }: DescribedStack) {
  const exportNames = new Map(Object.entries(stack.exports).map(([name, value]) => [value, name]));
  return {
    StackId: stackId(stack),
    StackName: stack.stackName,
    CreationTime: startedAt,
    StackStatus: 'CREATE_COMPLETE',
    DisableRollback: false,
    Capabilities: [],
    Tags: [],
    Parameters: [],
    Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({
      OutputKey,
      OutputValue,
      ExportName: exportNames.get(OutputValue),
    })),
  };
}

function resourceOf({ stack, startedAt }: DescribedStack, { logicalId, type, physicalId }: DeclaredResourceModel) {
  return {
    StackName: stack.stackName,
    StackId: stackId(stack),
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: startedAt,
    ResourceStatus: 'CREATE_COMPLETE',
  };
}
