import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** The functions of a conformance stack by their short names. */
export type Probes = Readonly<
  Record<
    | 'authorize'
    | 'connect'
    | 'disconnect'
    | 'message'
    | 'http'
    | 'deliver'
    | 'never'
    | 'paced'
    | 'pacedConsumer'
    | 'slowInit'
    | 'streamed',
    LambdaFunction
  >
>;
