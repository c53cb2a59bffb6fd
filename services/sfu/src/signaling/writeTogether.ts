import process from 'node:process';

/** The half of an Engine.IO socket that is seen here. */
export interface WrittenCarrier {
  /** The request it began with, and the TCP socket that came by. */
  readonly request: { readonly socket: { cork(): void; uncork(): void } };
  on(event: 'flush', listener: () => void): unknown;
}

/**
 * Lets all that is sent in one turn of the event loop leave in one call of the operating system. By itself each frame is
 * a call, and that costs more than everything else that is done for a small answer.
 */
export function writeTogether(carrier: WrittenCarrier): void {
  const { socket } = carrier.request;
  let isCorked = false;
  carrier.on('flush', () => {
    if (isCorked) {
      return;
    }
    isCorked = true;
    socket.cork();
    // After the microtasks of this turn, if one of these sends it.
    process.nextTick(() => {
      isCorked = false;
      socket.uncork();
    });
  });
}
