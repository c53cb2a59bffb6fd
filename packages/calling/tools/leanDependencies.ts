import type { Plugin } from 'vite';

/** A module of a dependency, and what stands in its place. */
interface Replacement {
  readonly module: RegExp;
  readonly code: string;
}

const replacements: readonly Replacement[] = [
  {
    // mediasoup-client for React Native, for its own tests, and for Chromium before 111: no browser that this bundle runs
    // in gets there (the syntax and library of ES2024 come later).
    module:
      /mediasoup-client\/lib\/(handlers\/(ReactNative106|FakeHandler|Chrome74)|test\/fakeParameters)\.js$/,
    code: 'module.exports = {};',
  },
  {
    // What writes log lines for a browser's console, which nobody reads: the SDK has a logger of its own.
    module: /(mediasoup-client|awaitqueue|h264-profile-level-id)\/lib\/Logger\.js$/,
    code: 'exports.Logger = class { debug() {} warn() {} error() {} };',
  },
  {
    module: /node_modules\/debug\/src\/browser\.js$/,
    code: 'module.exports = () => {};',
  },
  {
    // The connection is by WebSocket alone.
    module: /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    code: "import { WS } from './websocket.js'; export const transports = { websocket: WS };",
  },
  {
    // Nothing binary is sent either way; PROTOCOL.md has it so.
    module: /socket\.io-parser\/build\/esm\/(binary|is-binary)\.js$/,
    code: `const same = (packet) => packet;
      export { same as deconstructPacket, same as reconstructPacket };
      export const isBinary = () => false, hasBinary = () => false;`,
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
];

/** Calls that only write log lines; the texts are a good part of those libraries. */
const logCall = /^( *)(?:this\.)?_?logger\.(?:debug|warn|error)\(/gm;
const logs = /(mediasoup-client|awaitqueue|h264-profile-level-id)\/lib\//;

/** To be named to the bundler as free of effects, so that it leaves out those calls. */
export const logCalls = '__leftOut';

/** Leaves out what the libraries bring for uses that this bundle has not. */
export const leanDependencies: Plugin = {
  name: 'lean-dependencies',
  enforce: 'pre',
  load: (id) => replacements.find(({ module }) => module.test(id))?.code,
  transform: (code, id) =>
    logs.test(id) ? { code: code.replaceAll(logCall, `$1${logCalls}(`), map: null } : undefined,
};
