import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { Backlog, type Carrier } from './Backlog.ts';

const mebibyte = 'x'.repeat(1024 * 1024);

class FakeCarrier extends EventEmitter implements Carrier {
  readonly transport = { writable: false };

  send(data: string): void {
    this.emit('packetCreate', { data });
  }
}

function createCarrier() {
  const carrier = new FakeCarrier();
  const state = { isFull: false };
  Backlog.watch(carrier, () => (state.isFull = true));

  return { carrier, state };
}

it('a client is sent more while 4 MiB wait for it, half of them on their way, and not while more do', () => {
  const { carrier, state } = createCarrier();
  carrier.send(mebibyte + mebibyte);
  carrier.emit('flush');
  carrier.send(mebibyte + mebibyte);
  carrier.send('x');
  expect(state.isFull).toBe(false);
  carrier.send('x');

  expect(state.isFull).toBe(true);
});

it('nothing waits for a client that has taken all it was sent, however much that was', () => {
  const { carrier, state } = createCarrier();
  for (let count = 0; count < 10; count += 1) {
    carrier.transport.writable = false;
    carrier.send(mebibyte);
    carrier.emit('flush');
    carrier.transport.writable = true;
    carrier.send(mebibyte);
    carrier.emit('flush');
  }

  expect(state.isFull).toBe(false);
});
