/** CloudWatch is "awsQueryCompatible": an error's shape is accompanied by its code in the Query protocol. */
import type { CloudWatchError } from '../cloudwatch-error.ts';

export const faultOf = (error: CloudWatchError): 'Sender' | 'Receiver' =>
  error.httpStatus < 500 ? 'Sender' : 'Receiver';

export function queryErrorHeader(error: CloudWatchError): { 'x-amzn-query-error': string } {
  return { 'x-amzn-query-error': `${error.queryCode};${faultOf(error)}` };
}
