/** An error response of CloudWatch. */
export class CloudWatchError extends Error {
  /** Name of the error's shape: the SDK's error class. */
  readonly shape: string;
  /** Code in the older Query protocol. SDKs show it as `error.Code`. */
  readonly queryCode: string;
  readonly httpStatus: number;

  constructor(kind: keyof typeof kinds, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CloudWatchError';
    const { shape, queryCode, httpStatus } = kinds[kind];
    this.shape = shape;
    this.queryCode = queryCode;
    this.httpStatus = httpStatus;
  }
}

// Shapes and codes: model of CloudWatch (awsQueryError traits), @aws-sdk/client-cloudwatch 3.1162, read 2026-11-21.
const kinds = {
  validation: { shape: 'ValidationException', queryCode: 'ValidationError', httpStatus: 400 },
  invalidValue: { shape: 'InvalidParameterValueException', queryCode: 'InvalidParameterValue', httpStatus: 400 },
  invalidCombination: {
    shape: 'InvalidParameterCombinationException',
    queryCode: 'InvalidParameterCombination',
    httpStatus: 400,
  },
  missingParameter: { shape: 'MissingRequiredParameterException', queryCode: 'MissingParameter', httpStatus: 400 },
  invalidNextToken: { shape: 'InvalidNextToken', queryCode: 'InvalidNextToken', httpStatus: 400 },
  missingToken: {
    shape: 'MissingAuthenticationTokenException',
    queryCode: 'MissingAuthenticationToken',
    httpStatus: 403,
  },
  unknownOperation: { shape: 'UnknownOperationException', queryCode: 'InvalidAction', httpStatus: 400 },
  missingAction: { shape: 'MissingActionException', queryCode: 'MissingAction', httpStatus: 400 },
  serialization: { shape: 'SerializationException', queryCode: 'MalformedInput', httpStatus: 400 },
  tooLarge: { shape: 'RequestEntityTooLargeException', queryCode: 'RequestEntityTooLarge', httpStatus: 413 },
  internal: { shape: 'InternalServiceFault', queryCode: 'InternalServiceError', httpStatus: 500 },
} as const;
