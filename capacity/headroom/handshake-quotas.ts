/** What a handshake carries, and what its authorizer answers and reads. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { callsPerRead, readersOf, secretAgeSeconds } from '../cost/secret-calls.ts';
import { assumedHeaderBytes, assumedTokenBytes } from '../demand/assumed-usage.ts';
import type { Load } from '../demand/load.ts';
import { atBusiest, concurrencyOf } from '../demand/rates.ts';
import { combine } from '../known.ts';
import type { Deployment } from './deployment.ts';
import { environmentStep } from './lambda-quotas.ts';
import { demandOf, oneAtATime, type Quota, row, rowsFor } from './quota.ts';

/** As if clients send their token in the URL, as browsers must. Ids of an API have 10 characters. */
const urlCharacters = (load: Load, region: string): number =>
  `wss://a123456789.execute-api.${region}.amazonaws.com/prod?token=`.length + (load.tokenBytes ?? assumedTokenBytes);
const requestLineBytes = (load: Load): number =>
  'GET /prod?token= HTTP/1.1'.length + (load.tokenBytes ?? assumedTokenBytes);

/** The policy that the authorizer answers; its context holds what the token says: base64url, so three bytes of four characters. */
const policyBytes = (region: string): number =>
  JSON.stringify({
    principalId: '',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: `arn:aws:execute-api:${region}:123456789012:a123456789/prod/$connect`,
        },
      ],
    },
    context: {},
  }).length;
const claimsShare = 3 / 4;

const stepSeconds = 10;

export const handshakeQuotas = ({ webSocket, functions, code }: Deployment): Quota[] => [
  ...(webSocket === null ? [] : rowsFor([webSocket], () => handshakeRows)),
  ...(functions.some(({ authorizes }) => authorizes) ? [authorizerRow] : []),
  ...((code?.secretReaders.length ?? 0) > 0 ? [secretRow] : []),
];

const handshakeRows: readonly Quota[] = [
  row('webSocketUrlCharacters', {
    grows: false,
    sentence: `The URL of a handshake with the client’s token in it (\`tokenBytes\` of the plan; without it ${assumedTokenBytes}, an assumption).`,
    demand: (load, _coefficients, { region }) => ({ kind: 'value', value: urlCharacters(load, region) }),
  }),
  row('webSocketHeaderBytes', {
    grows: false,
    sentence: `The request line with the token, and the headers with the domain’s cookies (\`headerBytes\` of the plan; without it ${assumedHeaderBytes}, an assumption).`,
    demand: (load) => ({ kind: 'value', value: requestLineBytes(load) + (load.headerBytes ?? assumedHeaderBytes) }),
  }),
];

const authorizerRow = row('authorizerResultBytes', {
  grows: false,
  sentence:
    'The authorizer’s policy, and what the token says as its context: three quarters of the token, an upper bound.',
  demand: (load, _coefficients, { region }) => ({
    kind: 'value',
    value: policyBytes(region) + (load.tokenBytes ?? assumedTokenBytes) * claimsShare,
  }),
});

const secretRow = row('secretReads', {
  grows: true,
  sentence: `Two versions of the secret for each new environment of the functions that check signatures, in a burst as many as Lambda starts in 10 s, and again every ${secretAgeSeconds} s for each that is there.`,
  demand: oneAtATime((load, coefficients, deployment) => {
    const startable = quotaFact('environmentScaling').burst ?? 0;
    const rates = readersOf(deployment).map((reader) =>
      combine(
        [
          environmentStep(reader, { load, coefficients, deployment }),
          atBusiest(load, (moment) => concurrencyOf(reader.id, moment, { coefficients, deployment })),
        ],
        ([step = 0, environments = 0]) =>
          callsPerRead * (Math.min(step, startable) / stepSeconds + environments / secretAgeSeconds),
      ),
    );
    return demandOf(combine(rates, (each) => each.reduce((sum, rate) => sum + rate, 0)));
  }),
});
