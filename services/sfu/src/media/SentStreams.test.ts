import { createDeferred, type Deferred } from '@parley/kit';
import type { types } from 'mediasoup';
import { describe, expect, it } from 'vitest';
import { opusParameters } from '../../test/support/rtpParameters.ts';
import type { CallSite } from './CallSite.ts';
import { SentStreams, type SendTransport } from './SentStreams.ts';

/** A worker that takes streams, and pauses them, when the test says so. */
function createSending() {
  const taking = createDeferred<void>();
  const changes: Deferred<void>[] = [];
  const made: { paused: boolean; closed: boolean }[] = [];
  const send = {
    closed: false,
    produce: async ({ paused = false }: types.ProducerOptions): Promise<types.Producer> => {
      const change = async (isPaused: boolean): Promise<void> => {
        const changing = createDeferred<void>();
        changes.push(changing);
        await changing.promise;
        producer.paused = isPaused;
      };
      const producer = {
        paused,
        closed: false,
        pause: () => change(true),
        resume: () => change(false),
        close: () => void (producer.closed = true),
      };
      made.push(producer);
      await taking.promise;

      return producer as unknown as types.Producer;
    },
  };
  const streams = new SentStreams({ participantId: 'alice', producers: undefined, maxEncodings: 3 });
  const over = {
    site: { router: {} } as CallSite,
    send: send as unknown as types.Transport,
  } as SendTransport;
  const produce = (paused: boolean) =>
    streams.produce({ source: 'microphone', paused, rtpParameters: opusParameters(), size: undefined }, over);

  return { streams, send, produce, taking, changes, made };
}

describe('a hold that changes while the worker is asked to take a stream', () => {
  it('leaves none paused for good when it ends', async () => {
    const { streams, produce, taking, changes, made } = createSending();
    await streams.setOnHold(true);
    const producing = produce(false);
    expect(made).toMatchObject([{ paused: true }]);
    await streams.setOnHold(false);
    taking.resolve();
    await expect.poll(() => changes.length).toBe(1);
    changes[0]?.resolve();

    expect((await producing).isPaused).toBe(false);
    expect(made).toMatchObject([{ paused: false }]);
  });

  it('leaves none flowing when it begins', async () => {
    const { streams, produce, taking, changes, made } = createSending();
    const producing = produce(false);
    expect(made).toMatchObject([{ paused: false }]);
    await streams.setOnHold(true);
    taking.resolve();
    await expect.poll(() => changes.length).toBe(1);
    changes[0]?.resolve();

    expect((await producing).isPaused).toBe(false);
    expect(made).toMatchObject([{ paused: true }]);
  });

  it('is followed once more when it has changed again by then', async () => {
    const { streams, produce, taking, changes, made } = createSending();
    const producing = produce(false);
    await streams.setOnHold(true);
    taking.resolve();
    await expect.poll(() => changes.length).toBe(1);
    await streams.setOnHold(false);
    changes[0]?.resolve();
    await expect.poll(() => changes.length).toBe(2);
    changes[1]?.resolve();
    await producing;

    expect(made).toMatchObject([{ paused: false }]);
  });

  it('changes nothing of one that its sender wants paused', async () => {
    const { streams, produce, taking, changes, made } = createSending();
    await streams.setOnHold(true);
    const producing = produce(true);
    await streams.setOnHold(false);
    taking.resolve();
    await producing;

    expect(changes).toEqual([]);
    expect(made).toMatchObject([{ paused: true }]);
  });

  it('opens nothing over a transport that was replaced until the worker had followed it', async () => {
    const { streams, send, produce, taking, changes, made } = createSending();
    const producing = produce(false);
    await streams.setOnHold(true);
    taking.resolve();
    await expect.poll(() => changes.length).toBe(1);
    send.closed = true;
    changes[0]?.resolve();

    await expect(producing).rejects.toMatchObject({ code: 'invalid_state' });
    expect(made).toMatchObject([{ closed: true }]);
    expect(streams.all).toEqual([]);
  });
});
