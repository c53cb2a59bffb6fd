import { mediaSources, mayDo, roles } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import {
  produce,
  produceData,
  setPaused,
  unpublish,
  withdrawForbidden,
  type Participation,
} from './publish.ts';

const media = { transportId: 'transport', rtpParameters: { codecs: [] } };

let world: CallWorld;
let bob: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom({
    roster: {
      presenter: 'presenter',
      collaborator: 'collaborator',
      attendee: 'attendee',
      consumer: 'consumer',
    },
  });
  bob = await world.device('bob');
  await join(bob);
});

async function join(device: FakeDevice): Promise<Participation> {
  const { call } = await world.enterRoom(device);

  return world.calls.participation(device, call.id);
}

describe('sending', () => {
  for (const role of roles) {
    for (const source of mediaSources) {
      const action = { microphone: 'sendAudio', camera: 'sendVideo' } as const;
      const allowed = mayDo(
        role,
        source === 'microphone' || source === 'camera' ? action[source] : 'shareScreen',
      );

      it(`a ${source} is ${allowed ? 'allowed' : 'forbidden'} to a ${role}`, async () => {
        const participation = await join(await world.device(role));
        if (allowed && source === 'screenAudio') {
          await produce(participation, { ...media, source: 'screen', paused: false });
        }
        const outcome = await codeOf(produce(participation, { ...media, source, paused: false }));

        expect(outcome).toBe(allowed ? undefined : 'forbidden');
        const added = bob.heard('producerAdded').map(({ producer }) => producer.source);
        expect(added.filter((one) => one === source)).toHaveLength(allowed ? 1 : 0);
      });
    }
  }

  it('is told to the others, shown to who comes later, and told when it pauses, resumes and ends', async () => {
    const alice = await world.device('alice');
    const participation = await join(alice);
    const { call, participant } = participation;
    const options = { ...media, source: 'microphone', paused: true } as const;
    const producerId = await produce(participation, options);
    const ids = { callId: call.id, participantId: participant.id };

    expect(bob.heard('producerAdded')).toEqual([
      { ...ids, producer: { id: producerId, source: 'microphone', paused: true } },
    ]);
    await setPaused(participation, producerId, false);
    expect(bob.heard('producerResumed')).toEqual([{ ...ids, producerId }]);
    expect(participant.info.producers).toEqual([{ id: producerId, source: 'microphone', paused: false }]);
    await setPaused(participation, producerId, true);
    expect(bob.heard('producerPaused')).toEqual([{ ...ids, producerId }]);
    unpublish(participation, producerId);
    expect(bob.heard('producerRemoved')).toEqual([{ ...ids, producerId }]);
    expect(alice.told.map(({ name }) => name)).toEqual([]);
    expect(await codeOf(produce(participation, options))).toBeUndefined();
  });

  it('ends with a word to everybody, its owner included, when it keeps others out', async () => {
    const alice = await world.device('alice');
    const participation = await join(alice);
    const { call, participant } = participation;
    const options = { ...media, source: 'camera', paused: false } as const;
    const producerId = await produce(participation, options);
    const { listener } = world.media.calls.at(-1) ?? {};
    listener?.onStreamBarred(participant.id, 'unknown');
    listener?.onStreamBarred(participant.id, producerId);
    const told = [{ callId: call.id, participantId: participant.id, producerId }];

    expect([alice.heard('producerRemoved'), bob.heard('producerRemoved')]).toEqual([told, told]);
    expect(participant.info.producers).toEqual([]);
    expect(await codeOf(produce(participation, options))).toBeUndefined();
  });

  it('of a screen ends with its sound when it keeps others out', async () => {
    const alice = await world.device('alice');
    const participation = await join(alice);
    const send = (source: 'screen' | 'screenAudio') =>
      produce(participation, { ...media, source, paused: false });
    const producerIds = [await send('screen'), await send('screenAudio')];
    world.media.calls.at(-1)?.listener.onStreamBarred(participation.participant.id, producerIds[0] ?? '');

    for (const device of [alice, bob]) {
      expect(device.heard('producerRemoved').map(({ producerId }) => producerId)).toEqual(producerIds);
    }
    expect(participation.participant.producers).toEqual([]);
    // Its client may have been about to end the sound as well.
    expect(() => unpublish(participation, producerIds[1] ?? '')).not.toThrow();
  });

  it('happens again after its transport was lost, under the same id and without a word to the others', async () => {
    const participation = await join(await world.device('alice'));
    const options = { ...media, source: 'camera', paused: false } as const;
    const producerId = await produce(participation, options);
    expect(await codeOf(produce(participation, options))).toBe('invalid_state');
    world.media.reset();
    const before = bob.told.length;

    expect(await produce(participation, options)).toBe(producerId);
    expect(bob.told).toHaveLength(before);
    world.media.reset();
    await produce(participation, { ...options, paused: true });
    expect(bob.heard('producerPaused')).toMatchObject([{ producerId }]);
    expect(participation.participant.info.producers).toEqual([
      { id: producerId, source: 'camera', paused: true },
    ]);
  });

  it('again is over when the role was changed while the worker was asked', async () => {
    const participation = await join(await world.device('alice'));
    const { call, participant } = participation;
    const options = { ...media, source: 'camera', paused: false } as const;
    await produce(participation, options);
    world.media.reset();
    const producing = codeOf(produce(participation, options));
    call.roles.change(participant, 'consumer');
    withdrawForbidden(participation);

    expect(await producing).toBe('forbidden');
    expect(participant.producers).toEqual([]);
    expect(world.media.producers).toEqual([]);
  });

  it('happens once a source, also when both requests are under way', async () => {
    const participation = await join(await world.device('alice'));
    const options = { ...media, source: 'camera', paused: false } as const;
    const outcomes = await Promise.all([1, 2].map(() => codeOf(produce(participation, options))));

    expect(outcomes).toEqual([undefined, 'invalid_state']);
  });

  it('ends with call_not_found for one who left meanwhile, and nobody hears of it', async () => {
    const alice = await world.device('alice');
    const participation = await join(alice);
    const producing = codeOf(produce(participation, { ...media, source: 'camera', paused: false }));
    world.calls.leaveCall(alice, participation.call.id);

    expect(await producing).toBe('call_not_found');
    expect(bob.heard('producerAdded')).toEqual([]);
  });

  it('data is allowed to who may, and heard no more when their role forbids it', async () => {
    const options = { transportId: 't', channel: 'ordered', sctpStreamParameters: { streamId: 1 } } as const;
    const listener = await join(await world.device('consumer'));
    expect(await codeOf(produceData(listener, options))).toBe('forbidden');

    const participation = await join(await world.device('alice'));
    const { call, participant } = participation;
    await produceData(participation, options);
    expect(participant.media).toMatchObject({ mayData: true });
    call.roles.change(participant, 'consumer');
    withdrawForbidden(participation);
    expect(participant.media).toMatchObject({ mayData: false });
    call.roles.change(participant, 'attendee');
    withdrawForbidden(participation);
    expect(participant.media).toMatchObject({ mayData: true });
  });

  it('cannot be paused or ended for somebody else', async () => {
    const alice = await join(await world.device('alice'));
    const producerId = await produce(alice, { ...media, source: 'camera', paused: false });
    const his = world.calls.participation(bob, alice.call.id);

    expect(await codeOf(setPaused(his, producerId, true))).toBe('not_found');
    expect(() => unpublish(his, producerId)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

describe('the sound of a screen', () => {
  const sound = { ...media, source: 'screenAudio', paused: false } as const;
  const screen = { ...media, source: 'screen', paused: false } as const;
  const endedFor = (device: FakeDevice) =>
    device.heard('producerRemoved').map(({ producerId }) => producerId);

  it('is refused without the screen, nobody hearing of it', async () => {
    const participation = await join(await world.device('alice'));
    expect(await codeOf(produce(participation, sound))).toBe('invalid_state');
    const screenId = await produce(participation, screen);
    expect(await codeOf(produce(participation, sound))).toBeUndefined();
    unpublish(participation, screenId);

    expect(await codeOf(produce(participation, sound))).toBe('invalid_state');
  });

  it('ends with the screen, which everybody is told, and its client may ask for that all the same', async () => {
    const alice = await world.device('alice');
    const participation = await join(alice);
    const screenId = await produce(participation, screen);
    const soundId = await produce(participation, sound);
    unpublish(participation, screenId);

    expect([endedFor(bob), endedFor(alice)]).toEqual([[screenId, soundId], [soundId]]);
    expect([participation.participant.producers, world.media.producers]).toEqual([[], []]);
    unpublish(participation, soundId);
    expect(endedFor(bob)).toHaveLength(2);
  });

  it('is not taken when the screen ended while the worker was asked', async () => {
    const participation = await join(await world.device('alice'));
    const screenId = await produce(participation, screen);
    const producing = codeOf(produce(participation, sound));
    unpublish(participation, screenId);

    expect(await producing).toBe('invalid_state');
    expect([participation.participant.producers, world.media.producers]).toEqual([[], []]);
  });

  it('is sent again after the server has reset its media, before the screen or after it', async () => {
    const participation = await join(await world.device('alice'));
    const ids = [await produce(participation, screen), await produce(participation, sound)];
    world.media.reset();

    expect([await produce(participation, sound), await produce(participation, screen)]).toEqual(
      ids.toReversed(),
    );
  });
});
