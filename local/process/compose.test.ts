import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { compose, type Layer, layBefore } from './compose.ts';

const exchange = () => {
  const request = new IncomingMessage(new Socket());
  return [request, new ServerResponse(request)] as const;
};

test('layers are called in order, and the listener last', () => {
  const asked: string[] = [];
  const named =
    (name: string): Layer =>
    (_request, _response, next) => {
      asked.push(name);
      next();
    };
  const listener = compose([named('first'), named('second')], () => asked.push('listener'));
  listener(...exchange());
  expect(asked).toEqual(['first', 'second', 'listener']);
});

test('a layer that answers passes nothing on', () => {
  const answer: Layer = (_request, response) => {
    response.statusCode = 418;
  };
  const [request, response] = exchange();
  compose([answer], () => expect.fail('was called'))(request, response);
  expect(response.statusCode).toBe(418);
});

test('a server without a listener, or with two, accepts no layers', () => {
  expect(() => layBefore(createServer(), [])).toThrow('Layers need a server with exactly one listener.');
  const server = createServer(() => undefined).on('request', () => undefined);
  expect(() => layBefore(server, [])).toThrow('Layers need a server with exactly one listener.');
});
