import type { Socket } from 'node:net';

/**
 * A server that refuses a body half-way answers, then resets the connection. Where a write meets the reset first,
 * Node closes the socket, and the answer is lost though it lies in the kernel: this leaves one turn of the event
 * loop to read it in, as long as an answer is waited for.
 */
export function keepReadingAfterReset(socket: Socket, waiting: () => boolean): void {
  const destroy = socket.destroy;
  let postponed = false;
  socket.destroy = error => {
    if (postponed || !error || !waiting()) return destroy.call(socket, error);
    postponed = true;
    // The first turn may end before the next look at the sockets, the second one cannot.
    setImmediate(() => setImmediate(() => destroy.call(socket, error)));
    return socket;
  };
}
