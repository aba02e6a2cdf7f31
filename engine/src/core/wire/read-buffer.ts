/**
 * All sockets of a thread are read into one buffer: on Unix libuv takes it right before a read and returns it right after, and the
 * bytes are consumed during that call. On Windows reads are started in advance, so there each socket has its own buffer.
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
