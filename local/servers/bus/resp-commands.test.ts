import { describe, expect, it } from 'vitest';
import { RespCommands } from './resp-commands.ts';

const command = (...words: string[]) =>
  Buffer.from(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);

describe('commands of a client', () => {
  it('come out of any pieces', () => {
    const bytes = Buffer.concat([command('PUBLISH', 'task:a', 'Grüße\r\n'), command('PING')]);
    const commands = new RespCommands();
    const taken = Array.from(bytes, (byte) => commands.take(Buffer.from([byte]))).flat();
    expect(taken).toEqual([['PUBLISH', 'task:a', 'Grüße\r\n'], ['PING']]);
    expect(new RespCommands().take(bytes)).toEqual(taken);
  });

  it('are refused when they are none', () => {
    expect(() => new RespCommands().take(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow('Expected *');
    expect(() => new RespCommands().take(Buffer.from('*x\r\n'))).toThrow('not a number');
  });
});
