import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectAuthSchema, type ConnectAuth } from '@parley/protocol';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallError } from '../src/errors.ts';
import type { OpenSocket, SocketHandlers, SocketPort } from '../src/signaling/SocketPort.ts';
import { leanModule } from './support/leanModule.ts';

let openSocket: OpenSocket;
let http: HttpServer;
let server: Server;
let endpoint: string;
/** Those that the server let in. */
let admitted: Promise<Socket>;
const opened: SocketPort[] = [];

beforeAll(async () => {
  const module = await leanModule('src/signaling/socketIoSocket.ts');
  openSocket = module['openSocketIoSocket'] as OpenSocket;
});
beforeEach(async () => {
  http = createServer();
  server = new Server(http, {
    path: '/below/signaling',
    transports: ['websocket'],
    pingInterval: 20,
    pingTimeout: 500,
  });
  server.use((socket, next) => {
    const { token } = connectAuthSchema.parse(socket.handshake.auth);
    next(
      token === 'wrong'
        ? Object.assign(new Error('no'), { data: { code: 'token_revoked', message: 'Revoked.' } })
        : undefined,
    );
  });
  admitted = new Promise((resolve) => server.on('connection', resolve));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}/below/`;
});
afterEach(async () => {
  opened.splice(0).forEach((socket) => socket.close());
  await server.close();
});

interface Opened {
  readonly socket: SocketPort;
  readonly refused: Promise<CallError>;
  readonly closed: Promise<void>;
  /** Waits for the next. */
  readonly notified: () => Promise<unknown>;
}

function open(token = 'right'): Opened {
  const auth: ConnectAuth = { token, protocolVersion: '1.0', clientId: 'one' };
  const refused = Promise.withResolvers<CallError>();
  const closed = Promise.withResolvers<void>();
  const notifications: unknown[] = [];
  let tell = (): void => {};
  const handlers: SocketHandlers = {
    onRefused: refused.resolve,
    onClosed: closed.resolve,
    onNotification: (notification) => {
      notifications.push(notification);
      tell();
    },
  };
  const socket = openSocket({ endpoint, auth }, handlers);
  opened.push(socket);

  return {
    socket,
    refused: refused.promise,
    closed: closed.promise,
    notified: () =>
      new Promise((resolve) => {
        tell = () => {
          if (notifications.length > 0) {
            resolve(notifications.shift());
          }
        };
        tell();
      }),
  };
}

describe('the connection of the files for pages, to a server of Socket.IO', () => {
  it('tells who comes, and brings notifications with what Unicode has in them', async () => {
    const { notified } = open();
    const peer = await admitted;
    const text = `{"quoted": "\\"1,2[]", "of every plane": "ä€😀"}${'x'.repeat(100_000)}`;

    peer.emit('notification', { name: 'messageReceived', data: { text } });

    expect(peer.handshake.auth).toEqual({ token: 'right', protocolVersion: '1.0', clientId: 'one' });
    expect(await notified()).toEqual({ name: 'messageReceived', data: { text } });
  });

  it('brings each request its own answer, in whichever order they come', async () => {
    const { socket, notified } = open();
    const peer = await admitted;
    const waiting: [name: string, answer: (answer: unknown) => void][] = [];
    const both = new Promise<void>((resolve) => {
      peer.on('request', ({ name }: { name: string }, answer: (answer: unknown) => void) => {
        if (waiting.push([name, answer]) === 2) {
          resolve();
        }
      });
    });
    peer.emit('notification', 'open');
    await notified();

    const answers = Promise.all(
      ['first', 'second'].map(
        (name) => new Promise((resolve) => socket.request({ name, data: {}, requestId: name }, resolve)),
      ),
    );
    await both;
    waiting.toReversed().forEach(([name, answer]) => answer({ ok: true, data: { name } }));

    expect(await answers).toEqual([
      { ok: true, data: { name: 'first' } },
      { ok: true, data: { name: 'second' } },
    ]);
  });

  it('answers the pings by which the server knows it is there', async () => {
    const { notified } = open();
    const peer = await admitted;
    const pongs = new Promise<void>((resolve) => {
      let count = 0;
      peer.conn.on('heartbeat', () => {
        count += 1;
        if (count === 3) {
          resolve();
        }
      });
    });

    await pongs;

    peer.emit('notification', 'still there');
    expect(await notified()).toBe('still there');
  });

  it('brings the code with which the server refuses', async () => {
    expect(await open('wrong').refused).toMatchObject({ code: 'token_revoked', message: 'Revoked.' });
  });

  it('says that nobody is there', async () => {
    await server.close();

    const refused = await open().refused;

    expect(refused).toMatchObject({ code: 'unavailable' });
    expect(refused).toHaveProperty('message', expect.stringMatching(/^The server at http.*:\d+.* could not/));
  });

  it.each([
    ['closes it', (peer: Socket) => peer.disconnect(true)],
    ['asks it to leave', (peer: Socket) => peer.disconnect()],
    ['drops the line', (peer: Socket) => peer.conn.close()],
    ['speaks something else', (peer: Socket) => peer.conn.write('no packet')],
    ['sends bytes', (peer: Socket) => peer.conn.write(Buffer.from([1]))],
  ])('says when the server %s', async (_does, act) => {
    const { closed, notified } = open();
    const peer = await admitted;
    peer.emit('notification', 'open');
    await notified();

    act(peer);

    expect(await closed).toBeUndefined();
  });

  it('leaves when it is closed', async () => {
    const { socket, notified } = open();
    const peer = await admitted;
    const left = new Promise((resolve) => peer.on('disconnect', resolve));
    peer.emit('notification', 'open');
    await notified();

    socket.close();

    expect(await left).toBe('client namespace disconnect');
  });
});
