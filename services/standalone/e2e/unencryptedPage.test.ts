import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  framesDecoded,
  key,
  openEncryptedRoom,
  poll,
  show,
  stateOf,
  type EncryptedRoom,
} from './support/encryptedRoom.ts';
import { alice, carol } from './support/people.ts';
import { receivedVideo } from './support/probes.ts';
import { framesForwardedTo, keepForwarded, openFrame } from './support/sealedFrames.ts';

const opened = new AsyncDisposableStack();
let enter: EncryptedRoom['enter'];

beforeAll(async () => {
  const room = opened.use(await openEncryptedRoom());
  enter = (...entering) => room.enter(...entering);
});

afterAll(() => opened.disposeAsync());

describe('a page without encryption', () => {
  it('decodes nothing of an encrypted one, which shows nothing of it and says why', async () => {
    await using stack = new AsyncDisposableStack();
    const encrypted = await enter(stack, alice);
    const plain = await enter(stack, carol, { key: undefined });
    await show(plain, alice);
    await show(encrypted, carol);

    await expect.poll(() => stateOf(encrypted, carol), poll).toBe('NotEncrypted');
    await expect.poll(async () => (await receivedVideo(plain)).packets, poll).toBeGreaterThan(50);
    expect(await framesDecoded(plain)).toBe(0);
    expect(await framesDecoded(encrypted)).toBe(0);
  });

  it('hears nothing of an encrypted one, where a decoder would make noise of the loudest', async () => {
    await using stack = new AsyncDisposableStack();
    await enter(stack, alice);
    const plain = await enter(stack, carol, { key: undefined });
    const heard = (): Promise<{ packets: number; energy: number }> =>
      plain.evaluate(async () => {
        const sum = { packets: 0, energy: 0 };
        for (const connection of window.probes.peerConnections) {
          (await connection.getStats()).forEach((entry: RTCInboundRtpStreamStats) => {
            if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
              sum.packets += entry.packetsReceived ?? 0;
              sum.energy += entry.totalAudioEnergy ?? 0;
            }
          });
        }

        return sum;
      });

    await expect.poll(async () => (await heard()).packets, poll).toBeGreaterThan(100);

    expect((await heard()).energy).toBe(0);
  });

  it('is forwarded by the server, beyond the clear bytes, nothing of a frame', async () => {
    await using stack = new AsyncDisposableStack();
    await enter(stack, alice);
    const plain = await enter(stack, carol, { key: undefined, prepare: keepForwarded });
    await show(plain, alice);

    const frames = await framesForwardedTo(plain, 30);

    const found = { bytes: 0, same: 0, runs: 0, clear: new Set<number>(), startCodes: new Set<string>() };
    for (const sealed of frames) {
      const clearBytes = sealed.kind === 'audio' ? 2 : ((sealed.bytes[0] ?? 0) & 1) === 0 ? 10 : 3;
      const frame = await openFrame(sealed, clearBytes, { key, source: sealed.kind === 'audio' ? 0 : 1 });
      found.clear.add(clearBytes);
      if (clearBytes === 10) {
        found.startCodes.add(frame.slice(3, 6).join());
      }
      const hidden = Buffer.from(sealed.bytes.slice(clearBytes));
      for (let at = clearBytes; at < frame.length; at += 1) {
        const run = Buffer.from(frame.slice(at, at + 8));
        found.bytes += 1;
        found.same += frame[at] === sealed.bytes[at] ? 1 : 0;
        found.runs += run.length === 8 && hidden.includes(run) ? 1 : 0;
      }
    }
    // They are what was sent: VP8 key frames have it (RFC 6386, section 9.1).
    expect([...found.startCodes]).toEqual(['157,1,42']);
    expect(found.clear).toContain(2);
    expect(found.runs).toBe(0);
    // As many as by chance: one of 256.
    expect(found.bytes).toBeGreaterThan(5_000);
    expect(found.same / found.bytes).toBeLessThan(0.01);
  });

  it('is forwarded no clear frame whatever the encrypted one does: holds, begins anew, shares its screen, loses its worker', async () => {
    await using stack = new AsyncDisposableStack();
    const keepWorkers = `{
      window.workers = [];
      window.Worker = class extends Worker {
        constructor(...options) {
          super(...options);
          window.workers.push(this);
        }
      };
    }`;
    const sender = await enter(stack, alice, { key, prepare: keepWorkers });
    const plain = await enter(stack, carol, { key: undefined, prepare: keepForwarded });
    await show(plain, alice);
    const forwarded = (kind: string): Promise<number> =>
      plain.evaluate((of) => window.forwarded.filter((frame) => frame.kind === of).length, kind);
    const goesOn = async (kind: 'audio' | 'video'): Promise<void> => {
      const before = await forwarded(kind);
      await expect.poll(() => forwarded(kind), poll).toBeGreaterThan(before + 5);
    };
    await goesOn('video');

    await sender.evaluate(async () => {
      const { call } = window.encrypted;
      await call.mute();
      await call.unmute();
      await call.hold();
      await call.resume();
    });
    await goesOn('audio');
    await goesOn('video');
    await sender.evaluate(() =>
      (window as unknown as { workers: Worker[] }).workers.at(-1)?.dispatchEvent(new Event('error')),
    );
    await goesOn('audio');
    await goesOn('video');
    await sender.evaluate(async () => {
      const { call } = window.encrypted;
      await call.stopVideo();
      await call.startVideo();
      await call.startScreenSharing();
    });
    await plain.waitForFunction(
      () => (window.encrypted.person('Alice')?.screenSharingStreams.length ?? 0) > 0,
    );
    await show(plain, alice);
    // No picture of it is ever shown here.
    await plain.evaluate(() => {
      const place = document.body.appendChild(document.createElement('div'));
      place.style.cssText = 'width:320px;height:180px';
      void window.encrypted
        .person('Alice')
        ?.screenSharingStreams[0]?.render(place)
        .catch(() => {});
    });

    // Of whatever source it says it is; 'clear' of what nobody has encrypted.
    const sources = async (): Promise<Set<number | 'clear'>> => {
      const frames = await framesForwardedTo(plain, 1);
      const found = frames.map((sealed) => {
        const clearBytes = sealed.kind === 'audio' ? 2 : ((sealed.bytes[0] ?? 0) & 1) === 0 ? 10 : 3;
        const tries = (sealed.kind === 'audio' ? [0, 2] : [1, 3]).map(async (source) => {
          await openFrame(sealed, clearBytes, { key, source });

          return source;
        });

        return Promise.any(tries).catch(() => 'clear' as const);
      });

      return new Set(await Promise.all(found));
    };
    await expect.poll(sources, poll).toContain(3);
    expect(await sources()).toEqual(new Set([0, 1, 3]));
  });
});
