/** Methods of one module's classes, and what stands for their bodies; undefined for those that nobody calls. */
interface LeanMethods {
  readonly module: RegExp;
  readonly bodies: Readonly<Record<string, string | undefined>>;
}

const unused = (...names: readonly string[]): Readonly<Record<string, undefined>> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

const lean: readonly LeanMethods[] = [
  {
    // Nothing is paused but by its server, or by taking the track away, and encodings are set through the sender.
    module: /mediasoup-client\/lib\/handlers\/(Chrome111|Firefox120|Safari12)\.js$/,
    bodies: unused(
      'async pauseSending',
      'async resumeSending',
      'async pauseReceiving',
      'async resumeReceiving',
      'async setRtpEncodingParameters',
      'async getSenderStats',
    ),
  },
  {
    // As above.
    module: /mediasoup-client\/lib\/Producer\.js$/,
    bodies: unused(
      'pause',
      'resume',
      'async setRtpEncodingParameters',
      'async getStats',
      'get maxSpatialLayer',
    ),
  },
  {
    // As above.
    module: /mediasoup-client\/lib\/Consumer\.js$/,
    bodies: unused('pause', 'resume', 'get rtpReceiver', 'get paused'),
  },
  {
    // As above.
    module: /mediasoup-client\/lib\/Transport\.js$/,
    bodies: unused('pausePendingConsumers', 'resumePendingConsumers'),
  },
  {
    // The SDK says which handler suits the engine; browsers and extensions name others as they like.
    module: /mediasoup-client\/lib\/Device\.js$/,
    bodies: {
      'static async factory': 'return new Device({ handlerName });',
      constructor: `const { Chrome111 } = Chrome111_1;
      const { Firefox120 } = Firefox120_1;
      const { Safari12 } = Safari12_1;
      const handlers = { Chrome111, Firefox120, Safari12 };
      this._handlerFactory = handlers[handlerName].createFactory({ forcedRtpExtensions });
      this._handlerName = handlerName;`,
      ...unused('get handlerName', 'get loaded', 'get rtpCapabilities', 'get observer', 'canProduce'),
    },
  },
  {
    // By WebSocket from the start: there is no better transport to go over to.
    module: /engine\.io-client\/build\/esm\/socket\.js$/,
    bodies: {
      ...unused('_probe', 'send'),
      constructor: `super();
      const { protocol, host, port } = parse(uri);
      this.opts = { ...opts, path: opts.path + '/' };
      this.binaryType = 'arraybuffer';
      this.writeBuffer = [];
      this._prevBufferLen = 0;
      this._pingTimeoutTime = Infinity;
      installTimerFunctions(this, opts);
      this.secure = protocol === 'https';
      this.hostname = host;
      this.port = port;
      if (withEventListeners && host !== 'localhost') {
        this._offlineEventListener = () => this._onClose('transport close', { description: 'network connection lost' });
        OFFLINE_EVENT_LISTENERS.push(this._offlineEventListener);
      }
      this._open();`,
      _open: `this.readyState = 'opening';
      const transport = this.createTransport('websocket');
      transport.open();
      this.setTransport(transport);`,
      createTransport: `const { hostname, secure, port } = this;
      const query = { ...this.opts.query, EIO: protocol, transport: name };
      return new DEFAULT_TRANSPORTS[name]({ ...this.opts, query, socket: this, hostname, secure, port });`,
      onOpen: `this.readyState = 'open';
      this.emitReserved('open');
      this.flush();`,
      _onError: `this.emitReserved('error', err);
      this._onClose('transport error', err);`,
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
      emit: `const data = [ev, ...args];
      const packet = { type: PacketType.EVENT, data, options: { compress: true } };
      if (typeof data.at(-1) === 'function') {
        packet.id = this.ids++;
        this.acks[packet.id] = data.pop();
      }
      if (this.connected && !this.io.engine._hasPingExpired()) {
        this.packet(packet);
      } else {
        this.sendBuffer.push(packet);
      }
      return this;`,
      ...unused(
        '_registerAckCallback',
        '_addToQueue',
        'emitWithAck',
        'send',
        'compress',
        'timeout',
        'close',
        'get volatile',
      ),
      ...unused('onAny', 'prependAny', 'offAny', 'listenersAny'),
      ...unused('onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'),
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
  const { bodies = {} } = lean.find(({ module }) => module.test(id)) ?? {};

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
