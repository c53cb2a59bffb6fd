import { describe, expect, it } from 'vitest';
import { measuredCall } from '../testing/measuredCall.ts';
import { NetworkQuality } from './index.ts';

const callId = 'call-1';

/** Bob and Carol, or those named, are heard; `arrive` has a second of their sound arrive, with these packets lost. */
async function listening(...names: string[]) {
  const parts = await measuredCall();
  const people = await Promise.all(names.map((name) => parts.sounds(name)));
  for (const name of names) {
    const mid = `mid-of-${name}-mic`;
    const inbound = { type: 'inbound-rtp', kind: 'audio', mid, packetsReceived: 0, packetsLost: 0 };
    parts.counters.set('receive', name, inbound);
  }
  parts.counters.set('send', 'out', {
    type: 'outbound-rtp',
    kind: 'audio',
    mid: 'microphone',
    packetsSent: 0,
  });
  const quality = parts.call.feature(NetworkQuality);
  const told: unknown[] = [];
  quality.on('sendChanged', () => told.push(['send', quality.send.level]));
  quality.on('receiveChanged', () => told.push(['receive', quality.receive.level]));
  quality.on('participantQualityChanged', (participant) =>
    told.push([participant.identity.id, quality.of(participant).level]),
  );
  const arrive = (lost: Record<string, number>) => (): void => {
    parts.counters.grow('send', 'out', { packetsSent: 50 });
    for (const name of names) {
      const packetsLost = lost[name] ?? 0;
      parts.counters.grow('receive', name, { packetsReceived: 50 - packetsLost, packetsLost });
    }
  };

  return { ...parts, people, quality, told, arrive };
}

describe('the quality of a call', () => {
  it('is unknown at first and good when all arrives, and tells each change once', async () => {
    const { quality, people, told, arrive, second } = await listening('bob', 'carol');
    const [bob] = people;
    expect(quality.of(bob as never)).toEqual({ level: 'Unknown', reason: undefined, origin: undefined });

    await second(arrive({}), 8);

    expect(quality.send).toEqual({ level: 'Good', reason: undefined });
    expect(quality.receive).toEqual({ level: 'Good', reason: undefined });
    expect(quality.of(bob as never)).toEqual({ level: 'Good', reason: undefined, origin: undefined });
    expect(told).toEqual([
      ['send', 'Good'],
      ['receive', 'Good'],
      ['bob', 'Good'],
      ['carol', 'Good'],
    ]);
  });

  it('is unknown while nothing is counted', async () => {
    const { quality, people, second, told } = await listening('bob');

    await second(() => {}, 2);

    expect([quality.send, quality.receive, quality.of(people[0] as never)]).toMatchObject([
      { level: 'Unknown' },
      { level: 'Unknown' },
      { level: 'Unknown' },
    ]);
    expect(told).toEqual([]);
  });

  it('is theirs where one arrives badly and another does not, and one’s own receiving is good', async () => {
    const { quality, people, arrive, second } = await listening('bob', 'carol');
    const [bob, carol] = people;

    await second(arrive({ bob: 20 }), 10);

    expect(quality.of(bob as never)).toEqual({ level: 'Bad', reason: 'loss', origin: 'theirs' });
    expect(quality.of(carol as never)).toMatchObject({ level: 'Good' });
    expect(quality.receive).toMatchObject({ level: 'Good' });
  });

  it('is one’s own where everybody arrives badly', async () => {
    const { quality, people, arrive, second } = await listening('bob', 'carol');

    await second(arrive({ bob: 20, carol: 20 }), 10);

    expect(people.map((participant) => quality.of(participant))).toEqual([
      { level: 'Bad', reason: 'loss', origin: 'own' },
      { level: 'Bad', reason: 'loss', origin: 'own' },
    ]);
    expect(quality.receive).toEqual({ level: 'Bad', reason: 'loss' });
  });

  it('is of unknown origin where there is nobody to compare with', async () => {
    const { quality, people, arrive, second } = await listening('bob');

    await second(arrive({ bob: 20 }), 10);

    expect(quality.of(people[0] as never)).toEqual({ level: 'Bad', reason: 'loss', origin: 'unknown' });
    expect(quality.receive).toEqual({ level: 'Bad', reason: 'loss' });
  });

  it('is theirs where the server receives them badly, too, and one’s own receiving is good', async () => {
    const { quality, people, arrive, second, server } = await listening('bob');
    server.notify('weakSendersChanged', { callId, participantIds: ['bob-1'] });

    await second(arrive({ bob: 2 }), 10);
    expect(quality.of(people[0] as never)).toEqual({ level: 'Poor', reason: 'loss', origin: 'theirs' });
    await second(arrive({ bob: 20 }), 10);

    expect(quality.of(people[0] as never)).toEqual({ level: 'Bad', reason: 'loss', origin: 'theirs' });
    expect(quality.receive).toMatchObject({ level: 'Good' });
  });

  it('is theirs as soon as somebody else has come to compare with', async () => {
    const { quality, people, arrive, second, counters, sounds } = await listening('bob');
    const told: unknown[] = [];
    quality.on('participantQualityChanged', (participant) => told.push(quality.of(participant).origin));
    await second(arrive({ bob: 20 }), 10);
    expect(quality.of(people[0] as never).origin).toBe('unknown');

    await sounds('carol');
    const mid = 'mid-of-carol-mic';
    counters.set('receive', 'carol', { type: 'inbound-rtp', kind: 'audio', mid, packetsReceived: 0 });
    await second(() => {
      arrive({ bob: 20 })();
      counters.grow('receive', 'carol', { packetsReceived: 50 });
    }, 10);

    expect(quality.of(people[0] as never)).toEqual({ level: 'Bad', reason: 'loss', origin: 'theirs' });
    expect(told).toContain('theirs');
  });

  it('is theirs where the server has lost them', async () => {
    const { quality, people, arrive, second, server } = await listening('bob');
    server.notify('participantStateChanged', { callId, participantId: 'bob-1', state: 'reconnecting' });

    await second(arrive({}), 10);

    expect(quality.of(people[0] as never)).toEqual({ level: 'Poor', reason: 'connection', origin: 'theirs' });
    expect(quality.receive).toMatchObject({ level: 'Good' });
  });

  it('is bad both ways as soon as the media has no path, and poor while only the server is away', async () => {
    const { quality, arrive, second, media, server } = await listening('bob');
    await second(arrive({}), 4);

    server.isSilent = true;
    server.drop();
    await second(arrive({}), 2);
    expect([quality.send, quality.receive]).toEqual([
      { level: 'Poor', reason: 'connection' },
      { level: 'Poor', reason: 'connection' },
    ]);
    media.session.options.onPathChanged('failed');
    await second(arrive({}), 2);

    expect([quality.send, quality.receive]).toEqual([
      { level: 'Bad', reason: 'connection' },
      { level: 'Bad', reason: 'connection' },
    ]);
  });

  it('of somebody who is silent for a while is unknown again', async () => {
    const { quality, people, arrive, second, server } = await listening('bob');
    await second(arrive({}), 4);
    server.notify('producerPaused', { callId, participantId: 'bob-1', producerId: 'bob-mic' });

    await second(() => {}, 12);

    expect(quality.of(people[0] as never)).toMatchObject({ level: 'Unknown' });
  });

  it('of somebody who has left is forgotten', async () => {
    const { quality, people, arrive, second, server } = await listening('bob');
    await second(arrive({}), 4);
    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });

    expect(quality.of(people[0] as never)).toMatchObject({ level: 'Unknown' });
  });

  it('is not of anything but participants', async () => {
    const { quality } = await listening();

    for (const wrong of [undefined, 'bob', {}]) {
      expect(() => quality.of(wrong as never)).toThrow(TypeError);
    }
  });

  it('is looked at no more after the end of the call, and stays what it was', async () => {
    const { call, quality, counters, arrive, second, told } = await listening('bob');
    await second(arrive({}), 4);
    await call.hangUp();
    const { looks } = counters;
    const { length } = told;

    await second(() => {}, 6);

    expect([counters.looks, told.length]).toEqual([looks, length]);
    expect(quality.receive.level).toBe('Good');
    expect(call.feature(NetworkQuality)).toBe(quality);
  });
});
