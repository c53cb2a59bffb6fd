/** A module of a dependency, and what stands in its place. */
interface Replacement {
  readonly module: RegExp;
  readonly code: string;
}

export const replacements: readonly Replacement[] = [
  {
    // mediasoup-client for React Native, and for Chromium before 111: no browser that this bundle runs in gets there
    // (the syntax and library of ES2024 come later).
    module: /mediasoup-client\/lib\/handlers\/(ReactNative106|Chrome74)\.js$/,
    code: 'export const ReactNative106 = undefined, Chrome74 = undefined;',
  },
  {
    // What writes log lines for a browser's console, which nobody reads: the SDK has a logger of its own.
    module: /(mediasoup-client|awaitqueue|h264-profile-level-id)\/lib\/Logger\.js$/,
    code: 'export class Logger {}',
  },
  {
    module: /awaitqueue\/lib\/index\.js$/,
    code: "export * from './AwaitQueue.js'; export * from './errors.js';",
  },
  {
    module: /sdp-transform\/lib\/index\.js$/,
    code: "export * from './parser.js'; export { write } from './writer.js';",
  },
  {
    // Node.js's emitter, of which mediasoup-client needs what the one of Socket.IO has.
    module: /node_modules\/events-alias\/events\.js$/,
    code: `import { Emitter } from '@socket.io/component-emitter';
      export class EventEmitter extends Emitter {
        setMaxListeners() {}
        listenerCount(name) { return this.listeners(name).length; }
        removeAllListeners(name) { return name === undefined ? this.off() : this.off(name); }
      }`,
  },
  {
    // Nothing else of it is used, and it looks for XMLHttpRequest when it is imported.
    module: /engine\.io-client\/build\/esm\/index\.js$/,
    code: `export { Socket } from './socket.js';
      export { installTimerFunctions } from './util.js';
      export { parse } from './contrib/parseuri.js';
      export { nextTick } from './globals.js';
      export const Fetch = undefined, NodeXHR = undefined, XHR = undefined;
      export const NodeWebSocket = undefined, WebSocket = undefined, WebTransport = undefined;`,
  },
  {
    // The connection is by WebSocket alone.
    module: /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    code: "import { WS } from './websocket.js'; export const transports = { websocket: WS };",
  },
  {
    // Every browser that this bundle runs in can read a URL; the SDK gives an origin.
    module: /engine\.io-client\/build\/esm\/contrib\/parseuri\.js$/,
    code: `export function parse(uri) {
        const { protocol, hostname, port } = new URL(uri);
        return { source: uri, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port };
      }`,
  },
  {
    // Nothing binary is sent either way; PROTOCOL.md has it so.
    module: /socket\.io-parser\/build\/esm\/(binary|is-binary)\.js$/,
    code: `export const deconstructPacket = undefined, reconstructPacket = undefined;
      export const isBinary = () => false, hasBinary = () => false;`,
  },
  {
    module: /engine\.io-parser\/build\/esm\/encodePacket\.browser\.js$/,
    code: `import { PACKET_TYPES } from './commons.js';
      export const encodePacket = ({ type, data }, _binary, callback) => callback(PACKET_TYPES[type] + (data || ''));
      export const encodePacketToBinary = undefined;`,
  },
  {
    module: /engine\.io-parser\/build\/esm\/decodePacket\.browser\.js$/,
    code: `import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
      export function decodePacket(encoded) {
        const type = PACKET_TYPES_REVERSE[encoded[0]];
        return type ? { type, ...(encoded.length > 1 && { data: encoded.slice(1) }) } : ERROR_PACKET;
      }`,
  },
];
