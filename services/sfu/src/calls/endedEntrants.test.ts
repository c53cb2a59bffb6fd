import type { EndReasonName } from '@parley/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { createLobbyRoom, joinRoom, waitBefore } from '../../test/support/lobbyRoom.ts';

/** The server ends the connection of the device, as it does when its token is revoked. */
function end({ calls }: CallWorld, device: FakeDevice, reason: EndReasonName = 'unauthenticated'): void {
  device.isConnected = false;
  calls.disconnect(device, reason);
}

describe('somebody whose connection is ended while their media is made', () => {
  let world: CallWorld;
  let alice: FakeDevice;
  let bob: FakeDevice;

  beforeEach(async () => {
    world = await createCallWorld();
    await world.putRoom();
    [alice, bob] = [await world.device('alice'), await world.device('bob')];
    await world.enterRoom(alice);
  });

  /** Answers how Bob's request ended, in the middle of which something happened. */
  async function enterWhile(happens: () => void) {
    const release = world.media.holdParticipants();
    const entered = codeOf(joinRoom(world, bob));
    await expect.poll(() => world.media.waiting).toBe(1);
    happens();
    release();

    return entered;
  }

  it.each([
    ['unauthenticated', 'unauthenticated'],
    ['server_ended', 'unavailable'],
  ] as const)('for %s does not enter: nobody sees them, nor waits for them', async (reason, code) => {
    const { open } = world.media;
    const { pending } = world.clock;

    expect(await enterWhile(() => end(world, bob, reason))).toBe(code);
    expect(alice.told).toEqual([]);
    expect([world.media.open, world.clock.pending]).toEqual([open, pending]);
  });

  it('and is the first in a room leaves no call behind', async () => {
    await world.putRoom({ roomId: 'other' });
    const release = world.media.holdParticipants();
    const entered = codeOf(world.enterRoom(bob, 'other'));
    await expect.poll(() => world.media.waiting).toBe(1);
    end(world, bob);
    release();

    expect(await entered).toBe('unauthenticated');
    expect(world.calls.summaries).toHaveLength(1);
  });

  it('does not enter either when it was lost, and the token revoked before they were in', async () => {
    const code = await enterWhile(() => {
      world.drop(bob);
      vi.spyOn(world.backplane.admission, 'isRevoked').mockImplementation(({ userId }) => userId === 'bob');
      world.calls.places.endRevoked({ applicationId: 'app' });
    });

    expect(code).toBe('unauthenticated');
    expect(alice.told).toEqual([]);
  });

  it('is in, and away, when it was merely lost', async () => {
    expect(await enterWhile(() => world.drop(bob))).toBeUndefined();
    expect(alice.heard('participantStateChanged')).toMatchObject([{ state: 'reconnecting' }]);
  });
});

describe('somebody whose connection is ended on their way to a door', () => {
  it('does not wait there', async () => {
    const { world, alice } = await createLobbyRoom();
    const bob = await world.device('bob');
    const waiting = codeOf(joinRoom(world, bob));
    end(world, bob);

    expect(await waiting).toBe('unauthenticated');
    expect(alice.told).toEqual([]);
    expect(world.calls.summaries).toMatchObject([{ participants: { lobby: 0 } }]);
  });

  it('is not let in through it', async () => {
    const { world, alice, callId } = await createLobbyRoom();
    const bob = await world.device('bob');
    const { participantId, resumeToken } = await waitBefore(world, bob);
    const release = world.media.holdParticipants();
    const admitted = world.ask(alice, 'admitParticipants', { callId, participantIds: [participantId] });
    await expect.poll(() => world.media.waiting).toBe(1);
    end(world, bob);
    release();
    await admitted;

    expect(alice.heard('participantJoined')).toEqual([]);
    const other = await world.device('bob');
    expect(await world.ask(other, 'resume', { callId, resumeToken, sequence: 0 })).toEqual({
      action: 'stop',
      reason: 'unauthenticated',
    });
  });
});
