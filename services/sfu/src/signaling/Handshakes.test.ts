import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { maxHandshakeBytes } from '@parley/protocol';
import { expect, it, vi } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { Handshakes } from './Handshakes.ts';

const minuteMs = 60_000;

function setUp() {
  const clock = new FakeClock();
  const handshakes = new Handshakes({ failuresPerMinute: 2, maxWaiting: 2, trustedProxies: [], clock });
  const open = (address = '192.0.2.1') => {
    const destroy = vi.fn<() => void>();
    const request = {
      headers: {},
      socket: { remoteAddress: address, destroy },
    } as unknown as IncomingMessage;
    const transport = Object.assign(new EventEmitter(), { request, destroy });
    handshakes.open(transport);

    return transport;
  };
  const isRefused = (address?: string): boolean => {
    const transport = open(address);
    try {
      handshakes.try(transport);

      return false;
    } catch {
      return true;
    } finally {
      handshakes.settle(transport, 'spared');
    }
  };
  const fail = (): void => handshakes.settle(open(), 'failed');

  return { clock, handshakes, open, isRefused, fail };
}

it('refuses the network of those that failed until the minute is over', () => {
  const { clock, isRefused, fail } = setUp();
  fail();
  expect(isRefused()).toBe(false);
  fail();

  expect([isRefused(), isRefused('192.0.2.2')]).toEqual([true, false]);
  clock.advance(minuteMs - 1);
  expect(isRefused()).toBe(true);
  clock.advance(1);
  expect(isRefused()).toBe(false);
});

it('locks nobody out for longer when the clock of the machine is set back', () => {
  const { clock, isRefused, fail } = setUp();
  fail();
  fail();
  clock.advance(-60 * minuteMs);

  expect(isRefused()).toBe(false);
});

it('counts each transport once, by what came of it first', () => {
  const { handshakes, open, isRefused } = setUp();
  for (const outcome of ['admitted', 'spared', 'failed'] as const) {
    const transport = open();
    handshakes.settle(transport, outcome);
    handshakes.settle(transport, 'failed');
    transport.emit('close');
  }
  expect(isRefused()).toBe(false);

  open().emit('close');
  expect(isRefused()).toBe(true);
});

it('closes a transport that brings more than a handshake has, unread, until it is admitted', () => {
  const { handshakes, open } = setUp();
  const bring = (transport: ReturnType<typeof open>, bytes: number): string => {
    const packet = { type: 'message', data: 'x'.repeat(bytes) };
    transport.emit('packet', packet);

    return packet.type;
  };
  const [stranger, guest] = [open(), open()];

  expect([bring(stranger, maxHandshakeBytes), bring(stranger, 1)]).toEqual(['message', 'noop']);
  expect(stranger.destroy).toHaveBeenCalledOnce();
  handshakes.settle(guest, 'admitted');
  expect(bring(guest, maxHandshakeBytes + 1)).toBe('message');
  expect(guest.destroy).not.toHaveBeenCalled();
});
