import { ProtocolError } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCallWorld, type CallWorld } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

const room = { applicationId: 'app', roomId: 'room' };
const here = { nodeId: 'node', url: 'http://node.test' };
const other = { nodeId: 'other', url: 'http://other.test' };

let world: CallWorld;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom();
  await world.backplane.nodes.announce(other);
});

const claim = (node = other) => world.backplane.callDirectory.claimRoom(room, node);

describe('a room that is held on another node', () => {
  it('sends those who want in there, and makes no call here', async () => {
    await claim();
    const alice = await world.device('alice');

    const answer = await world.calls.joinRoom(alice, { roomId: 'room', media: offer });

    expect(answer).toEqual({ action: 'redirect', url: other.url });
    expect(world.media.calls).toEqual([]);
  });

  it('says nothing of that to those who may not enter', async () => {
    await world.putRoom({ access: 'invite' });
    await claim();
    const alice = await world.device('alice');

    await expect(world.calls.joinRoom(alice, { roomId: 'room', media: offer })).rejects.toMatchObject({
      code: 'not_on_roster',
    });
  });

  it('sends back there who comes to resume a place in its call', async () => {
    await world.backplane.callDirectory.put({ ...room, callId: 'call', nodeId: 'other', userIds: ['alice'] });
    const alice = await world.device('alice');
    const resume = { callId: 'call', resumeToken: 'token', sequence: 0, media: offer };

    expect(await world.calls.places.resume(alice, resume)).toEqual({ action: 'redirect', url: other.url });
    const neighbour = { ...alice, applicationId: 'neighbour' };
    expect(await world.calls.places.resume(neighbour, resume)).toMatchObject({ action: 'stop' });
  });
});

describe('a room that is held here', () => {
  it('is claimed for as long as its call lasts', async () => {
    await world.backplane.nodes.announce(here);
    const alice = await world.device('alice');
    const { call } = await world.enterRoom(alice);
    expect(await claim()).toMatchObject(here);

    await world.ask(alice, 'leaveCall', { callId: call.id });

    expect(await claim()).toMatchObject(other);
  });

  it('is given up when its call could not be made', async () => {
    await world.backplane.nodes.announce(here);
    world.media.failNextCall(new ProtocolError('unavailable'));
    const alice = await world.device('alice');
    await expect(world.enterRoom(alice)).rejects.toThrow('The service cannot answer now.');

    expect(await claim()).toMatchObject(other);
  });

  it('ends its call when the room has got another home, and sends the next there', async () => {
    const alice = await world.device('alice');
    await world.enterRoom(alice);
    // Nobody takes this node for alive any more.
    await claim();

    const bob = await world.device('bob');
    await world.enterRoom(bob).catch(() => {});

    await expect.poll(() => alice.heard('callEnded')).toMatchObject([{ reason: 'server_ended' }]);
    expect(await world.calls.joinRoom(bob, { roomId: 'room', media: offer })).toEqual({
      action: 'redirect',
      url: other.url,
    });
  });
});
