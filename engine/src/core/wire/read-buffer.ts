/**
 * All sockets of a thread are read into one buffer: libuv on Unix asks for it right before it reads and hands it over right after, and
 * what has come is dealt with during that call. On Windows a read is under way from before, so there each socket has its own.
 */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1_024);

/** The `onread` option of a socket: `read` gets bytes that are valid during the call only. */
export function readInto(read: (bytes: Buffer) => void) {
  return {
    buffer: process.platform === 'win32' ? Buffer.allocUnsafeSlow(16 * 1_024) : sharedReadBuffer,
    callback: (length: number, buffer: Uint8Array): true => {
      read((buffer as Buffer).subarray(0, length));
      return true;
    },
  };
}
