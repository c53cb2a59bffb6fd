import { beforeEach, describe, expect, it } from 'vitest';
import { createCallWorld, type CallWorld } from '../../../test/support/callWorld.ts';
import { keptCall, keptParticipant } from '../../../test/support/keptCalls.ts';
import { ResumeTokens } from './ResumeTokens.ts';

let world: CallWorld;
let tokens: ResumeTokens;

beforeEach(async () => {
  world = await createCallWorld();
  tokens = new ResumeTokens();
});

/** Bob waited alone before the door of the room, which is what it is by now. */
async function restore(): Promise<void> {
  const waiting = [{ ...keptParticipant('bob', tokens), sinceMs: 0 }];
  const call = keptCall([], { kind: 'room', roomId: 'room', waiting });
  await world.calls.restore({ isRecent: true, calls: [call] });
}

async function resume() {
  const device = await world.device('bob');

  return world.ask(device, 'resume', { callId: 'kept', resumeToken: tokens.present, sequence: 0 });
}

describe('somebody who waited before a door when the process was lost', () => {
  it('waits there still', async () => {
    await world.putRoom({ lobby: true });
    await restore();

    expect(await resume()).toMatchObject({ action: 'lobby' });
  });

  it('is in the call when the room has no door any more', async () => {
    await world.putRoom({ lobby: false });
    await restore();

    expect(await resume()).toMatchObject({ action: 'rejoin' });
  });

  it('is turned away when the room does not know them any more', async () => {
    await world.putRoom({ lobby: true, access: 'invite' });
    await restore();

    expect(await resume()).toEqual({ action: 'stop', reason: 'not_on_roster' });
  });

  it('is waited for as long as for anybody who is away, and leaves nothing behind', async () => {
    await world.putRoom({ lobby: true });
    await restore();
    world.clock.advance(29_999);
    expect(world.media.open).toBe(1);
    world.clock.advance(1);

    expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
    expect(await resume()).toEqual({ action: 'stop', reason: 'connection_lost' });
  });
});
