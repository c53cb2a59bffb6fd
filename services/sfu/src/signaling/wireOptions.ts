import { Decoder, Encoder } from 'socket.io-parser';
import { WebSocketServer, type ServerOptions } from 'ws';

/**
 * The protocol has no binary data. Of what is attached a frame may speak as often as it has room for, and each time the
 * attachment would be written out in full by whoever looks at the request.
 */
class TextDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: 0 });
  }
}

/** No browser lets a page ping; the answers to somebody who pings and does not read would fill the memory. */
class SilentWebSocketServer extends WebSocketServer {
  constructor(options?: ServerOptions) {
    super({ ...options, autoPong: false });
  }
}

/** What is taken in from the wire at all, below what the protocol says. */
export const wireOptions = {
  parser: { Encoder, Decoder: TextDecoder },
  wsEngine: SilentWebSocketServer,
};
