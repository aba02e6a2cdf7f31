/** The services whose latency and faults can be set, and the errors that each returns. */

export const services = [
  'dynamodb',
  'sqs',
  'lambda',
  'webSocketApi',
  'httpApi',
  'connectionsApi',
  'cloudwatch',
  'secretsManager',
] as const;
export type Service = (typeof services)[number];

/** An error as a client gets it. */
export interface ServiceError {
  /** Name of the error, which SDKs map to their class; for the APIs and Lambda functions a type only for the log. */
  type: string;
  status: number;
  message: string;
}

/** A failure of the service itself, as its API model names it. SDKs retry these. */
const failures: Readonly<Record<Service, ServiceError>> = {
  dynamodb: {
    type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    status: 500,
    message: 'The request processing has failed because of an unknown error, exception or failure.',
  },
  sqs: { type: 'com.amazonaws.sqs#InternalFailure', status: 500, message: 'We encountered an internal error.' },
  lambda: { type: 'Error', status: 200, message: 'Injected by a fault of the local target' },
  webSocketApi: { type: 'InternalServerError', status: 500, message: 'Internal server error' },
  httpApi: { type: 'InternalServerError', status: 500, message: 'Internal Server Error' },
  connectionsApi: { type: 'InternalServerErrorException', status: 500, message: 'Internal server error' },
  cloudwatch: {
    type: 'com.amazonaws.cloudwatch#InternalServiceFault',
    status: 500,
    message: 'Request processing has failed due to some unknown error, exception or failure.',
  },
  secretsManager: {
    type: 'InternalServiceError',
    status: 500,
    message: 'An error occurred on the server side.',
  },
};

/** A refusal by a quota. SDKs retry these too, more slowly. */
const throttles: Readonly<Record<Service, ServiceError>> = {
  dynamodb: {
    type: 'com.amazon.coral.availability#ThrottlingException',
    status: 400,
    message: 'The requests are above the present capacity of the table.',
  },
  sqs: {
    type: 'com.amazonaws.sqs#RequestThrottled',
    status: 400,
    message: 'The request was denied due to throttling.',
  },
  lambda: { type: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.' },
  webSocketApi: { type: 'TooManyRequests', status: 429, message: 'Too Many Requests' },
  httpApi: { type: 'TooManyRequests', status: 429, message: 'Too Many Requests' },
  connectionsApi: { type: 'LimitExceededException', status: 429, message: 'Too Many Requests' },
  cloudwatch: { type: 'com.amazonaws.cloudwatch#ThrottlingException', status: 400, message: 'Rate exceeded' },
  secretsManager: { type: 'ThrottlingException', status: 400, message: 'Rate exceeded' },
};

export const failureOf = (service: Service): ServiceError => failures[service];
export const throttleOf = (service: Service): ServiceError => throttles[service];
