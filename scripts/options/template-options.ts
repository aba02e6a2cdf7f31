/** The options that name a stack of the user's own by its template, with the values that it needs. */
import { type Command, InvalidArgumentError } from 'commander';
import { collect } from './values.ts';

/** `Name=value` → one more value by its name. The value may have more of `=`, and may be empty. */
function namedValue(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`Expected NAME=VALUE, got "${text}".`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The template and its values, for any command. */
export function addTemplateSourceOptions(command: Command): Command {
  return command
    .option(
      '--template <file>',
      'your own stack in place of the reference stack: a CloudFormation or SAM template (JSON, YAML), or a folder of `sam build` or `serverless package`',
    )
    .option('--app <folder>', 'the same from a cloud assembly: the folder that `cdk synth` wrote, as in cdk.out')
    .option(
      '--parameter <name=value>',
      'value of a parameter of the template; repeatable; overrides --parameters',
      namedValue,
    )
    .option(
      '--parameters <file>',
      'YAML or JSON file of parameters: a value by name, or the list that the AWS CLI takes',
    )
    .option(
      '--ssm <name=value>',
      'value of an SSM parameter that the template reads, as in /app/key=x; repeatable',
      namedValue,
    )
    .option('--import <name=value>', 'value of an export of another stack (Fn::ImportValue); repeatable', namedValue)
    .option(
      '--ignore <type>',
      'a type of resource to go on without, or one property, as in AWS::SQS::Queue.Tags; repeatable',
      collect,
    );
}

/** Those of `loadline local`, which serves nothing else. */
export function addTemplateOptions(command: Command): Command {
  return addTemplateSourceOptions(command)
    .option('--stack <name>', 'the stack of --app, if it has several')
    .option('--stack-name <name>', 'name of the stack; default: that of the assembly, or of the folder of the template')
    .option('--region <region>', 'region of the stack; default: us-east-1');
}
