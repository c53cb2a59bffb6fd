import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { opusParameters } from '../../test/support/rtpParameters.ts';
import { probeLimitMs } from './Probes.ts';

async function createProbeWorld() {
  const world = await createCallWorld();
  const start = (device: FakeDevice) => world.ask(device, 'startProbe', { media: offer });

  return { ...world, start };
}

describe('a probe', () => {
  it('is the only one of its connection, until it is ended', async () => {
    const world = await createProbeWorld();
    const alice = await world.device('alice');
    const { probeId } = await world.start(alice);

    expect(await codeOf(world.start(alice))).toBe('invalid_state');
    await world.ask(alice, 'endProbe', { probeId });
    expect(world.media.open).toBe(0);
    await world.start(alice);
    expect(world.media.open).toBe(1);
  });

  it('is no call: nobody rings, and no record tells of it', async () => {
    const world = await createProbeWorld();
    const [alice, laptop] = [await world.device('alice'), await world.device('alice')];

    await world.start(alice);

    expect(world.calls.summaries).toEqual([]);
    expect([...alice.told, ...laptop.told]).toEqual([]);
    expect(await world.events()).toEqual([]);
    expect(world.calls.takesPart(alice)).toBe(false);
  });

  it('is neither entered nor ended by another connection, of the same user or of another', async () => {
    const world = await createProbeWorld();
    const { probeId } = await world.start(await world.device('alice'));
    for (const other of [await world.device('alice'), await world.device('mallory')]) {
      const stream = { probeId, kind: 'audio', rtpParameters: opusParameters() } as const;

      expect(await codeOf(world.ask(other, 'loopBack', stream))).toBe('not_found');
      expect(await codeOf(world.ask(other, 'endProbe', { probeId }))).toBe('not_found');
    }
    expect(world.media.open).toBe(1);
  });

  it('ends with its connection, also with one that is lost while it is being opened', async () => {
    const world = await createProbeWorld();
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    await world.start(alice);
    const go = world.media.holdParticipants();
    const opening = world.start(bob);

    world.drop(alice);
    world.drop(bob);
    go();
    await opening;

    expect(world.media.open).toBe(0);
  });

  it('ends after a minute, and leaves no timer when it ends before', async () => {
    const world = await createProbeWorld();
    const [alice, bob] = [await world.device('alice'), await world.device('bob')];
    const before = world.clock.pending;
    await world.start(alice);
    const { probeId } = await world.start(bob);
    await world.ask(bob, 'endProbe', { probeId });

    world.clock.advance(probeLimitMs - 1);
    expect(world.media.open).toBe(1);
    world.clock.advance(1);

    expect(world.media.open).toBe(0);
    expect(world.clock.pending).toBe(before);
    await world.start(alice);
  });

  it('is not begun with a token that has run out', async () => {
    const world = await createProbeWorld();
    const alice = await world.device('alice');
    alice.hasExpired = true;

    expect(await codeOf(world.start(alice))).toBe('token_expired');
    expect(world.media.open).toBe(0);
  });

  it('is begun twelve times a minute by one user, with all of their connections together', async () => {
    const world = await createProbeWorld();
    const [page, tab] = [await world.device('alice'), await world.device('alice')];
    const tryOut = async (index: number): Promise<void> => {
      const prober = index % 2 === 0 ? page : tab;
      const { probeId } = await world.start(prober);
      await world.ask(prober, 'endProbe', { probeId });
    };
    for (let count = 0; count < 12; count += 1) {
      await tryOut(count);
    }

    await expect(tryOut(0)).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 5 });
    await world.start(await world.device('bob'));
    world.clock.advance(5_000);
    await tryOut(1);
  });
});
