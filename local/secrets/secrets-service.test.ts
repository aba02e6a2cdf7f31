import { beforeEach, describe, expect, test } from 'vitest';
import { SecretsService } from './secrets-service.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Token-abc';

let service: SecretsService;
let nowMs: number;
beforeEach(() => {
  nowMs = 1_790_000_000_000;
  service = new SecretsService(
    [{ logicalId: 'Token', name: 'Token', arn, source: { kind: 'literal', value: 'one' } }],
    () => nowMs,
  );
});
const call = (action: string, input: object = {}) => service.handle(action, { SecretId: arn, ...input });
const put = (SecretString: string, input: object = {}) => call('PutSecretValue', { SecretString, ...input });
const bodyOf = ({ body }: { body: object }) => body as Record<string, unknown>;
const get = (input: object = {}) => bodyOf(call('GetSecretValue', input));

describe('versions of a secret', () => {
  test('a secret that was never rotated has no previous version', () => {
    expect(get()).toMatchObject({ SecretString: 'one', VersionStages: ['AWSCURRENT'], CreatedDate: 1_790_000_000 });
    expect(call('GetSecretValue', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      status: 400,
      body: {
        __type: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
      },
    });
  });

  test('a new value becomes the current one, and the former one the previous', () => {
    const first = get().VersionId;
    nowMs += 60_000;
    const { VersionId } = bodyOf(put('two'));
    expect(get()).toMatchObject({ SecretString: 'two', VersionId, CreatedDate: 1_790_000_060 });
    expect(get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one', VersionId: first });
    put('three');
    expect(get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'two' });
    expect(get({ VersionId: first })).toMatchObject({ __type: 'ResourceNotFoundException' });
    expect(service.values).toEqual({ [arn]: 'three' });
  });

  test('a version and a label that do not belong together are refused, and each by itself is found', () => {
    const { VersionId: first } = get();
    put('two');
    expect(call('GetSecretValue', { VersionId: first, VersionStage: 'AWSCURRENT' })).toMatchObject({
      status: 400,
      body: {
        __type: 'InvalidRequestException',
        message: 'You provided a VersionStage that is not associated to the provided VersionId.',
      },
    });
    expect(get({ VersionId: first, VersionStage: 'AWSPREVIOUS' }).SecretString).toBe('one');
    expect(get({ VersionId: first }).SecretString).toBe('one');
    expect(get({ VersionId: 'nobody', VersionStage: 'AWSCURRENT' })).toMatchObject({
      ...{ __type: 'ResourceNotFoundException' },
      message: "Secrets Manager can't find the specified secret value for VersionId: nobody",
    });
  });

  test('a pending value is not the current one until it is moved there', () => {
    const { VersionId: to } = bodyOf(put('two', { VersionStages: ['AWSPENDING'] }));
    const { VersionId: from, SecretString } = get();
    expect(SecretString).toBe('one');
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: to };
    expect(call('UpdateSecretVersionStage', move)).toMatchObject({
      status: 400,
      body: { __type: 'InvalidParameterException', message: expect.stringContaining(`attached to version ${from}`) },
    });
    expect(call('UpdateSecretVersionStage', { ...move, RemoveFromVersionId: from }).status).toBe(200);
    expect(get()).toMatchObject({ SecretString: 'two', VersionStages: ['AWSPENDING', 'AWSCURRENT'] });
    expect(get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one' });
  });

  test('a rotation is undone by moving the label back', () => {
    const from = bodyOf(put('two')).VersionId;
    const to = get({ VersionStage: 'AWSPREVIOUS' }).VersionId;
    call('UpdateSecretVersionStage', { VersionStage: 'AWSCURRENT', MoveToVersionId: to, RemoveFromVersionId: from });
    expect(get()).toMatchObject({ SecretString: 'one', VersionStages: ['AWSCURRENT'] });
    expect(get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'two' });
  });

  test('the previous version ends when its label is removed; the current one keeps its label', () => {
    put('two');
    const { VersionId: RemoveFromVersionId } = get({ VersionStage: 'AWSPREVIOUS' });
    call('UpdateSecretVersionStage', { VersionStage: 'AWSPREVIOUS', RemoveFromVersionId });
    expect(get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ __type: 'ResourceNotFoundException' });
    const current = { VersionStage: 'AWSCURRENT', RemoveFromVersionId: get().VersionId };
    expect(bodyOf(call('UpdateSecretVersionStage', current))).toMatchObject({ __type: 'InvalidParameterException' });
    expect(get().SecretString).toBe('two');
  });

  test('a repeated request changes nothing; the same token with another value is refused', () => {
    const ClientRequestToken = '7f3a1de0-0000-4000-8000-000000000001';
    expect(bodyOf(put('two', { ClientRequestToken })).VersionId).toBe(ClientRequestToken);
    put('two', { ClientRequestToken });
    expect(get({ VersionStage: 'AWSPREVIOUS' }).SecretString).toBe('one');
    expect(bodyOf(put('three', { ClientRequestToken }))).toMatchObject({ __type: 'ResourceExistsException' });
  });
});

test.each([
  ['an unknown secret', 'GetSecretValue', { SecretId: 'other' }, 'ResourceNotFoundException'],
  ['a value that is no text', 'PutSecretValue', { SecretString: 1 }, 'InvalidRequestException'],
  ['an action it does not know', 'DeleteSecret', {}, 'UnknownOperationException'],
])('refuses %s', (_name, action, input, __type) => {
  expect(call(action, input)).toMatchObject({ status: 400, body: { __type } });
});
