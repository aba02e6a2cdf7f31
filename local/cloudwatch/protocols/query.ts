/**
 * The Query protocol, which AWS CLI 2.9 and SDKs of its time use with CloudWatch: a form with Action and Version in the body
 * (or in the URL of a GET), answers and errors in XML.
 */
import { CloudWatchError } from '../cloudwatch-error.ts';
import type { Protocol, RequestHead } from './protocol.ts';
import { faultOf } from './query-error-header.ts';
import { readForm } from './query-form.ts';
import { inputShapes } from './query-shapes.ts';
import { elements } from './xml.ts';

const namespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
const version = '2010-08-01';
const headers = { 'content-type': 'text/xml' };

export const query: Protocol = {
  speaks: ({ method, target, headers: given }) =>
    (method === 'POST' && (given['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) ||
    (method === 'GET' && /[?&]Action=/.test(target)),

  decode(head, body) {
    const form = formOf(head, body);
    const action = form.get('Action');
    if (action === null) throw new CloudWatchError('missingAction', 'Missing Action');
    const given = form.get('Version');
    if (given !== null && given !== version) {
      throw new CloudWatchError('unknownOperation', `Could not find operation ${action} for version ${given}`);
    }
    const shape = Object.hasOwn(inputShapes, action) ? inputShapes[action] : undefined;
    if (shape === undefined) {
      throw new CloudWatchError('unknownOperation', `Could not find operation ${action} for version ${version}`);
    }
    return { action, input: readForm(form, shape) };
  },

  encode(output, { action, requestId }) {
    const result = Object.keys(output).length === 0 ? '' : `<${action}Result>${elements(output)}</${action}Result>`;
    const body = `<${action}Response xmlns="${namespace}">${result}<ResponseMetadata>${elements({ RequestId: requestId })}</ResponseMetadata></${action}Response>`;
    return { status: 200, headers, body };
  },

  encodeError(error, { requestId }) {
    const parts = {
      Error: { Type: faultOf(error), Code: error.queryCode, Message: error.message },
      RequestId: requestId,
    };
    return {
      status: error.httpStatus,
      headers,
      body: `<ErrorResponse xmlns="${namespace}">${elements(parts)}</ErrorResponse>`,
    };
  },
};

function formOf({ method, target }: RequestHead, body: Buffer): URLSearchParams {
  const inUrl = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  return new URLSearchParams(method === 'GET' ? inUrl : body.toString());
}
