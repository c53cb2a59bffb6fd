import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

const other = { nodeId: 'other', url: 'http://other.test' };

let world: CallWorld;
let alice: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  await world.backplane.nodes.announce(other);
  alice = await world.device('alice');
  await connectTo('other', 'bob');
});

async function connectTo(nodeId: string, userId: string): Promise<void> {
  const user = { applicationId: 'app', userId };
  await world.backplane.admission.putUser({ ...user, displayName: userId, phoneNumbers: [] });
  await world.backplane.presence.enter({ ...user, endpointId: `${nodeId} of ${userId}`, nodeId });
}

const call = (...callees: string[]) => world.ask(alice, 'startCall', { callees, media: offer });

describe('a call to people who are connected to another node', () => {
  it('is begun there, and nothing of it here', async () => {
    expect(await call('bob')).toEqual({ action: 'redirect', url: other.url });
    expect(world.media.calls).toEqual([]);
  });

  it('is begun on the one that has most of them', async () => {
    await world.backplane.nodes.announce({ nodeId: 'third', url: 'http://third.test' });
    await connectTo('third', 'carol');
    await connectTo('third', 'dave');

    expect(await call('bob', 'carol', 'dave')).toEqual({ action: 'redirect', url: 'http://third.test' });
  });

  it('finds them offline when that node is gone, or is this one', async () => {
    await connectTo('gone', 'carol');
    await connectTo('node', 'dave');

    expect(await codeOf(call('carol'))).toBe('callee_offline');
    expect(await codeOf(call('dave'))).toBe('callee_offline');
  });
});

it('who joins a call that goes on on another node is sent there', async () => {
  const listed = { applicationId: 'app', callId: 'far', nodeId: 'other', userIds: ['bob'] };
  await world.backplane.callDirectory.put(listed);

  expect(await world.ask(alice, 'joinCall', { callId: 'far', media: offer })).toEqual({
    action: 'redirect',
    url: other.url,
  });
  expect(await codeOf(world.ask(alice, 'joinCall', { callId: 'none', media: offer }))).toBe('call_not_found');
});
