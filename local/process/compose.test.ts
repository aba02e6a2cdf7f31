import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
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

test('what a listener or a layer throws, at once or after a layer has waited, is 500 for that request', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const fails = () => {
    throw new URIError('URI malformed');
  };
  const waits: Layer = (_request, _response, next) => void Promise.resolve().then(next);
  for (const listener of [compose([], fails), compose([fails], () => undefined), compose([waits], fails)]) {
    const [request, response] = exchange();
    listener(request, response);
    await Promise.resolve();
    expect([response.statusCode, response.writableEnded]).toEqual([500, true]);
  }
  expect(logged).toHaveBeenCalledTimes(3);
  logged.mockRestore();
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
