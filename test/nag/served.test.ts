import { expect, it } from 'vitest';
import { readResources } from '../../local/template/resources.ts';
import { templateOf } from '../../stack/template.fixture.ts';
import { variants } from './variants.ts';

it.each(Object.entries(variants))('the local target knows every resource of the variant: %s', (_name, settings) => {
  const place = { stackName: 'Loadline', region: 'us-east-1', accountId: '123456789012', sqsUrl: 'http://sqs' };
  const { template, problems } = readResources(templateOf(settings).toJSON(), { place });
  problems.throwAny();
  expect(template.outputs.StackName).toBe('Loadline');
});
