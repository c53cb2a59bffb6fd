import type { Role } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const own = (role: Role) => ({ callId: 'call-1', participantId: 'alice-1', role });
const ownProducer = (source: string) => ({
  callId: 'call-1',
  participantId: 'alice-1',
  producerId: `own-${source}`,
});

/** A call that is entered in a role that sends nothing. */
async function listeningCall() {
  const parts = await createTestClient();
  parts.server.on('joinRoom', () => {
    const answer = joined('room', 'connected');
    const participants = answer.call.participants.map((one) => ({ ...one, role: 'consumer' as const }));

    return { ...answer, call: { ...answer.call, participants } };
  });
  const call = parts.client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
  await nextTurn();

  return { ...parts, call };
}

describe('a role that changes during the call', () => {
  it("is the participant's at once, with an event, and told once", async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants;
    const heard: (Role | undefined)[] = [];
    bob?.on('roleChanged', () => heard.push(bob.role));
    call.on('roleChanged', () => heard.push(call.role));

    server.notify('roleChanged', { callId: 'call-1', participantId: 'bob-1', role: 'attendee' });
    server.notify('roleChanged', own('collaborator'));
    server.notify('roleChanged', own('collaborator'));

    expect(heard).toEqual(['attendee', 'collaborator']);
  });

  it('turns off what may not be sent any more, and tells', async () => {
    const { call, server, devices, media } = await connectedCall();
    await call.startVideo();
    await call.startScreenSharing({ audio: true });
    const events: string[] = [];
    call.on('isMutedChanged', () => events.push(`muted ${call.isMuted}`));
    call.on('isMicrophoneAvailableChanged', () => events.push(`available ${call.isMicrophoneAvailable}`));
    call.on('isScreenSharingOnChanged', () => events.push(`sharing ${call.isScreenSharingOn}`));
    call.on('localVideoStreamsUpdated', ({ removed }) => events.push(`stopped ${removed[0]?.type}`));

    server.notify('roleChanged', own('consumer'));
    for (const source of ['microphone', 'camera', 'screen', 'screenAudio']) {
      server.notify('producerRemoved', ownProducer(source));
    }
    await nextTurn();

    expect(events).toEqual([
      'available false',
      'muted true',
      'stopped Video',
      'stopped ScreenSharing',
      'sharing false',
    ]);
    expect(devices.liveTracks).toEqual([]);
    expect(media.session.sent.map(({ state }) => state)).toEqual(Array(4).fill('closed'));
    // The server has ended them itself: there is nothing to ask of it.
    expect(server.asked('closeProducer')).toEqual([]);
    await expect(call.unmute()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(call.unmute()).rejects.toThrow('does not allow "sendAudio"');
    await expect(call.startVideo()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('lets a listener turn on what it allows again, and turns nothing on by itself', async () => {
    const { call, server, devices, media } = await listeningCall();
    expect(devices.liveTracks).toEqual([]);
    expect([call.isMuted, call.localVideoStreams.length]).toEqual([true, 0]);

    server.notify('roleChanged', own('presenter'));
    await nextTurn();
    expect(devices.liveTracks).toEqual([]);
    await call.unmute();
    await call.startVideo();

    expect([call.isMuted, call.isMicrophoneAvailable]).toEqual([false, true]);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    expect(media.session.sentFrom('camera')?.state).toBe('sending');
    expect(server.asked('produce').map(({ source }) => source)).toEqual(['microphone', 'camera']);
  });

  it('sends again after it was taken and given back', async () => {
    const { call, server, media } = await connectedCall();
    await call.startVideo();
    server.notify('roleChanged', own('consumer'));
    server.notify('roleChanged', own('presenter'));
    await call.unmute();
    await call.startVideo();

    expect(media.session.sent.filter(({ state }) => state === 'sending').map(({ source }) => source)).toEqual(
      ['microphone', 'camera'],
    );
    await call.mute();
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
  });

  it('leaves the microphone muted when it cannot be opened again', async () => {
    const { call, server, devices } = await connectedCall();
    server.notify('roleChanged', own('consumer'));
    server.notify('roleChanged', own('presenter'));
    devices.refusals.audio = 'NotReadableError';

    await expect(call.unmute()).rejects.toMatchObject({ name: 'MediaDeviceError', code: 'device_busy' });
    expect([call.isMuted, call.isMicrophoneAvailable]).toEqual([true, false]);
    delete devices.refusals.audio;
    await call.unmute();
    expect([call.isMuted, call.isMicrophoneAvailable]).toEqual([false, true]);
  });

  it('closes a camera that was still being opened', async () => {
    const { call, server, devices } = await connectedCall();
    const starting = call.startVideo();
    server.notify('roleChanged', own('consumer'));

    await expect(starting).rejects.toMatchObject({ code: 'forbidden' });
    expect(devices.liveTracks).toEqual([]);
    expect(call.localVideoStreams).toEqual([]);
  });

  it('opens no microphone for a change of the device while the role forbids it', async () => {
    const { client, server, devices } = await connectedCall();
    server.notify('roleChanged', own('consumer'));
    const [microphone] = await client.deviceManager.getMicrophoneList();
    await client.deviceManager.setMicrophone(microphone as never);

    expect(devices.liveTracks).toEqual([]);
  });
});

describe('what a role does not allow', () => {
  it('is refused here, and asks nothing of the server: sending data, also over a channel that is open', async () => {
    const { call, server, media } = await connectedCall();
    server.on('produceData', () => ({ dataProducerId: 'data-1' }));
    await call.sendData(new Uint8Array(1));
    server.notify('roleChanged', own('consumer'));

    await expect(call.sendData(new Uint8Array(1))).rejects.toMatchObject({ code: 'forbidden' });

    expect(media.session.sentData.ordered).toHaveLength(1);
  });

  it('is refused here, and asks nothing of the server: ending the call for everyone, which goes on', async () => {
    const { call, server } = await connectedCall();
    server.notify('roleChanged', own('attendee'));

    await expect(call.hangUp({ forEveryone: true })).rejects.toMatchObject({ code: 'forbidden' });

    expect(server.asked('endCall')).toEqual([]);
    expect(call.state).toBe('Connected');
  });
});

describe('a room whose attendees may not share', () => {
  const rules = (attendeesMayShare: boolean) => ({ callId: 'call-1', roomRules: { attendeesMayShare } });

  async function attendeesCall(attendeesMayShare: boolean) {
    const parts = await createTestClient();
    parts.server.on('joinRoom', () => {
      const answer = joined('room', 'connected');
      const participants = answer.call.participants.map((one) => ({ ...one, role: 'attendee' as const }));

      return { ...answer, call: { ...answer.call, participants, roomRules: { attendeesMayShare } } };
    });
    const call = parts.client.join({ roomId: 'room-1' });
    await nextTurn();

    return { ...parts, call };
  }

  it('has them asked for no screen, from the start as after a change', async () => {
    const { call, server, devices } = await attendeesCall(false);
    const pick = vi.spyOn(devices, 'getDisplayMedia');
    const isRefused = () =>
      expect(call.startScreenSharing()).rejects.toMatchObject({ name: 'CallError', code: 'forbidden' });

    await isRefused();
    server.notify('roomRulesChanged', rules(true));
    await call.startScreenSharing();
    expect(call.isScreenSharingOn).toBe(true);
    server.notify('roomRulesChanged', rules(false));
    expect(call.isScreenSharingOn).toBe(false);
    await isRefused();

    expect(pick).toHaveBeenCalledTimes(1);
  });

  it('ends no screen of who has become a presenter, where both are told at once', async () => {
    const { call, server, devices } = await attendeesCall(true);
    await call.startScreenSharing();
    const [alice] = joined('room', 'connected').call.participants;
    const producers = (['microphone', 'screen'] as const).map((source) => ({
      id: `own-${source}`,
      source,
      paused: false,
    }));

    await repairGap(server, {
      participants: alice === undefined ? [] : [{ ...alice, role: 'presenter', producers }],
      roomRules: { attendeesMayShare: false },
    });

    expect(call.role).toBe('presenter');
    expect(call.isScreenSharingOn).toBe(true);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });

  it('closes a screen that was still being chosen, and leaves the microphone alone', async () => {
    const { call, server, media } = await attendeesCall(true);
    const starting = call.startScreenSharing();
    server.notify('roomRulesChanged', rules(false));

    await expect(starting).rejects.toMatchObject({ code: 'forbidden' });
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });
});

describe('a stream that the server ends', () => {
  it('stops the screen of an attendee whose room allows no sharing any more, and nothing else', async () => {
    const { call, server, devices, media } = await connectedCall();
    await call.startScreenSharing({ audio: true });
    server.notify('producerRemoved', ownProducer('screen'));
    server.notify('producerRemoved', ownProducer('screenAudio'));

    expect(call.isScreenSharingOn).toBe(false);
    expect(media.session.sent.map(({ source, state }) => [source, state])).toEqual([
      ['microphone', 'sending'],
      ['screen', 'closed'],
      ['screenAudio', 'closed'],
    ]);
    expect(devices.liveTracks).toHaveLength(1);
    expect(server.asked('closeProducer')).toEqual([]);
    await call.startScreenSharing();
    expect(call.isScreenSharingOn).toBe(true);
  });
});

describe('a microphone that the server mutes', () => {
  it('is muted with an event, asks nothing of the server, and can be unmuted', async () => {
    const { call, server, media } = await connectedCall();
    const events: boolean[] = [];
    call.on('isMutedChanged', () => events.push(call.isMuted));

    server.notify('producerPaused', ownProducer('microphone'));
    server.notify('producerPaused', ownProducer('microphone'));
    expect([call.isMuted, media.session.sentFrom('microphone')?.state]).toEqual([true, 'paused']);
    await call.unmute();

    expect([call.isMuted, media.session.sentFrom('microphone')?.state]).toEqual([false, 'sending']);
    expect(events).toEqual([true, false]);
    expect(server.asked('pauseProducer')).toEqual([]);
    expect(server.asked('resumeProducer')).toEqual([{ callId: 'call-1', producerId: 'own-microphone' }]);
  });

  it('stays muted when that comes while the server is asked to unmute', async () => {
    const { call, server, media } = await connectedCall();
    await call.mute();
    server.on('resumeProducer', () => {
      server.notify('producerPaused', ownProducer('microphone'));

      return {};
    });
    await call.unmute();

    expect(call.isMuted).toBe(true);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
    expect(server.asked('pauseProducer')).toHaveLength(2);
  });

  it('stays as it is for what is told of another', async () => {
    const { call, server } = await connectedCall();
    server.notify('producerPaused', { callId: 'call-1', participantId: 'bob-1', producerId: 'mic-bob' });

    expect(call.isMuted).toBe(false);
  });
});

describe('call()', () => {
  it('takes telephone numbers, and the kind of call that the server finds behind them', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob', '+15551234567']);
    expect(call.kind).toBe('group');
    await nextTurn();

    expect(server.asked('startCall')).toMatchObject([{ callees: ['bob', '+15551234567'] }]);
    expect(call.kind).toBe('direct');
  });

  it('ends as forbidden in a room whose lobby nobody opens', async () => {
    const { client, server } = await createTestClient();
    server.on('joinRoom', () => {
      throw new CallError('not_admitted');
    });
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('forbidden');
  });
});
