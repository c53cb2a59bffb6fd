/** Methods of one module's classes, and what stands for their bodies; undefined for those that nobody calls. */
interface LeanMethods {
  readonly module: RegExp;
  readonly bodies: Readonly<Record<string, string | undefined>>;
}

const unused = (...names: readonly string[]): Readonly<Record<string, undefined>> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

const socketIo: readonly LeanMethods[] = [
  {
    // By WebSocket from the start: there is no better transport to go over to.
    module: /engine\.io-client\/build\/esm\/socket\.js$/,
    bodies: {
      ...unused('_probe', 'send'),
      _filterUpgrades: 'return [];',
      _getWritablePackets: 'return this.writeBuffer;',
      close: `if (this.readyState === 'opening' || this.readyState === 'open') {
        const close = () => { this._onClose('forced close'); this.transport.close(); };
        this.readyState = 'closing';
        this.writeBuffer.length ? this.once('drain', close) : close();
      }
      return this;`,
    },
  },
  {
    // In a browser it takes an address and nothing else.
    module: /engine\.io-client\/build\/esm\/transports\/websocket\.js$/,
    bodies: {
      doOpen: `try {
        this.ws = new WebSocket(this.uri());
      } catch (error) {
        return this.emitReserved('error', error);
      }
      this.addEventListeners();`,
      ...unused('createSocket'),
    },
  },
  {
    // The SDK connects again by itself, with another token.
    module: /socket\.io-client\/build\/esm\/manager\.js$/,
    bodies: unused('reconnect', 'onreconnect', 'connect', 'disconnect'),
  },
  {
    // Nothing is queued for a retry, and listeners are for one event.
    module: /socket\.io-client\/build\/esm\/socket\.js$/,
    bodies: {
      ...unused('_addToQueue', 'emitWithAck', 'send', 'compress', 'timeout', 'close', 'get volatile'),
      ...unused('onAny', 'prependAny', 'offAny', 'listenersAny'),
      ...unused('onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'),
      _registerAckCallback: 'this.acks[id] = ack;',
      _drainQueue: '',
      notifyOutgoingListeners: '',
    },
  },
  {
    // Nothing binary is sent either way; PROTOCOL.md has it so.
    module: /socket\.io-parser\/build\/esm\/index\.js$/,
    bodies: {
      ...unused('encodeAsBinary', 'takeBinaryData', 'finishedReconstruction'),
      encode: 'return [this.encodeAsString(obj)];',
      add: "super.emitReserved('decoded', this.decodeString(obj));",
      destroy: '',
    },
  },
];

/**
 * @throws Error for a method that the class has not, or not any more.
 */
export function withLeanMethods(code: string, id: string): string {
  const { bodies = {} } = socketIo.find(({ module }) => module.test(id)) ?? {};

  return Object.entries(bodies).reduce((rest, [name, body]) => {
    const method = new RegExp(`^    ${name}(\\(.*\\)) \\{\\n[^]*?^    \\}\\n`, 'm');
    if (!method.test(rest)) {
      throw new Error(`There is no method ${name}().`);
    }

    return rest.replace(method, (_whole, parameters: string) =>
      body === undefined ? '' : `${name}${parameters} {\n${body}\n}\n`,
    );
  }, code);
}
