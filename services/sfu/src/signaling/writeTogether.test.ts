import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { writeTogether } from './writeTogether.ts';

/** Each list is what one call of the operating system was given. */
function createCarrier() {
  const calls: string[][] = [];
  const socket = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      calls.push([chunk]);
      done();
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => chunk as string));
      done();
    },
  });
  const carrier = Object.assign(new EventEmitter(), { request: { socket } });
  writeTogether(carrier);

  /** As Engine.IO does it. */
  const send = (frame: string): void => {
    carrier.emit('flush');
    socket.write(frame);
  };

  return { calls, send, socket };
}

it('writes what one turn sends at once, in its order, also what its microtasks send', async () => {
  const { calls, send } = createCarrier();
  send('a');
  await Promise.resolve();
  send('b');
  await Promise.resolve(await Promise.resolve());
  send('c');
  expect(calls).toEqual([]);

  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual([['a', 'b', 'c']]);
});

it('keeps nothing back for the next turn', async () => {
  const { calls, send } = createCarrier();
  for (const frame of ['a', 'b']) {
    send(frame);
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect(calls).toEqual([['a'], ['b']]);
});

it('lets the last words out when the socket is ended in the same turn', async () => {
  const { calls, send, socket } = createCarrier();
  send('farewell');
  socket.end();
  await once(socket, 'finish');

  expect(calls).toEqual([['farewell']]);
});
