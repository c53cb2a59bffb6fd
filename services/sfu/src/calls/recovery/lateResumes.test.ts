import type { NumberedNotification } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, waitBefore } from '../../../test/support/lobbyRoom.ts';

const stopped = { action: 'stop', reason: 'connection_lost' };

/** Bob's client has lost its connection, and two more have come: it gave up the first of them over the silence there. */
async function createRace() {
  const world = await createCallWorld();
  await world.putRoom();
  const alice = await world.device('alice');
  const { id: callId } = (await world.enterRoom(alice)).call;
  const device = await world.device('bob');
  const { resumeToken, sequence } = await world.enterRoom(device);
  world.drop(device);
  const [givenUp, present] = [await world.device('bob'), await world.device('bob')];
  const resume = (by: FakeDevice, token = resumeToken) =>
    world.ask(by, 'resume', { callId, resumeToken: token, sequence });
  const chat = (by: FakeDevice) => codeOf(world.ask(by, 'sendChat', { callId, text: 'here' }));
  const states = () => alice.heard('participantStateChanged').map(({ state }) => state);

  return { world, alice, callId, givenUp, present, resume, chat, states };
}

function tokenOf(answer: object): string {
  if (!('resumeToken' in answer)) {
    throw new Error('The place was not resumed.');
  }

  return answer.resumeToken as string;
}

describe('a resume that arrives late, by a connection its client has given up for another', () => {
  it('leaves place and token to that one, though it brings the token before', async () => {
    const { world, alice, givenUp, present, resume, chat, states } = await createRace();
    const token = tokenOf(await resume(present));

    expect(await resume(givenUp)).toEqual(stopped);
    world.drop(givenUp);
    world.clock.advance(30_000);
    expect(states()).toEqual(['reconnecting', 'connected']);
    expect(alice.heard('participantLeft')).toEqual([]);
    expect(await chat(present)).toBeUndefined();
    world.drop(present);
    expect(await resume(await world.device('bob'), token)).toMatchObject({ action: 'resume' });
  });

  it('does not take it either when that one is lost by then', async () => {
    const { world, givenUp, present, resume } = await createRace();
    const token = tokenOf(await resume(present));
    world.drop(present);

    expect(await resume(givenUp)).toEqual(stopped);
    expect(await resume(await world.device('bob'), token)).toMatchObject({ action: 'resume' });
  });

  it('does not take it when the ICE of both is restarted at once', async () => {
    const { world, givenUp, present, resume, chat } = await createRace();
    const release = world.media.holdRestarts();
    const answers = Promise.all([resume(givenUp), resume(present)]);
    release();

    expect(await answers).toMatchObject([stopped, { action: 'resume' }]);
    expect(await chat(present)).toBeUndefined();
    expect(world.calls.takesPart(givenUp)).toBe(false);
  });

  it('does not take it before a door', async () => {
    const { world, callId } = await createLobbyRoom();
    const device = await world.device('bob');
    const { resumeToken, sequence } = await waitBefore(world, device);
    world.drop(device);
    const [givenUp, present] = [await world.device('bob'), await world.device('bob')];
    const resume = (by: FakeDevice, token = resumeToken) =>
      world.ask(by, 'resume', { callId, resumeToken: token, sequence });
    const token = tokenOf(await resume(present));

    expect(await resume(givenUp)).toEqual(stopped);
    expect(world.calls.takesPart(present)).toBe(true);
    expect(await resume(await world.device('bob'), token)).toMatchObject({ action: 'lobby' });
  });
});

describe('a connection whose place a later one has taken', () => {
  it('is told, with the next of its numbers, that it is out of the call; the other is not', async () => {
    const { world, alice, callId, givenUp, present, resume, states } = await createRace();
    const first = tokenOf(await resume(givenUp));
    await world.ask(alice, 'sendChat', { callId, text: 'heard by the first' });
    expect(await resume(present, first)).toMatchObject({ action: 'resume' });
    await world.ask(alice, 'sendChat', { callId, text: 'heard by the second' });

    const told = givenUp.told as NumberedNotification[];
    expect(told.map(({ name }) => name)).toEqual(['chatSent', 'callEnded']);
    expect(told.at(-1)).toEqual({
      name: 'callEnded',
      data: { callId, reason: 'connection_lost' },
      sequence: (told[0]?.sequence ?? 0) + 1,
    });
    expect(present.told.map(({ name }) => name)).toEqual(['chatSent']);
    expect(states()).toEqual(['reconnecting', 'connected']);
  });

  it('is told so before a door', async () => {
    const { world, callId } = await createLobbyRoom();
    const device = await world.device('bob');
    const { resumeToken, sequence } = await waitBefore(world, device);
    const present = await world.device('bob');
    await world.ask(present, 'resume', { callId, resumeToken, sequence });

    expect(device.heard('callEnded')).toEqual([{ callId, reason: 'connection_lost' }]);
    expect(present.told).toEqual([]);
  });
});
