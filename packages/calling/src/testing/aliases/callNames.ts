import { expect } from 'vitest';
import type { Call } from '../../call/callTypes.ts';
import type { IncomingCall } from '../../call/incomingCallTypes.ts';
import type { VideoDeviceInfo } from '../../devices/deviceTypes.ts';
import type { RemoteParticipantState } from '../../participants/participantTypes.ts';
import { MediaStats } from '../../stats/index.ts';
import { LocalVideoStream } from '../../streams/LocalVideoStream.ts';
import { connectedCall } from '../connectedCall.ts';
import { joined, participant as infoOf } from '../FakeServer.ts';
import { callId, carolRings, number, presentersCall } from '../presentersCall.ts';
import { createTestClient, nextTurn } from '../testClient.ts';
import { callWithBob } from './callWithBob.ts';
import type { Names } from './Names.ts';

async function ringing() {
  const parts = await createTestClient();
  const rung = Promise.withResolvers<IncomingCall>();
  parts.client.on('incomingCall', ({ incomingCall }) => rung.resolve(incomingCall));
  const caller = { userId: 'bob', displayName: 'Bob', kind: 'user' } as const;
  parts.server.notify('incomingCall', { callId, kind: 'direct', caller, customData: {} });

  return { ...parts, incomingCall: await rung.promise };
}

/** As the seed spells them; the compiler judges. */
const seedStates: readonly RemoteParticipantState[] = [
  'Idle',
  'Connecting',
  'Connected',
  'OnHold',
  'InLobby',
  'EarlyMedia',
  'Disconnected',
];

export const callNames: Record<string, Names> = {
  mute: {
    async seed() {
      const { call } = await connectedCall();
      await call.mute();
      expect(call.isMuted).toBe(true);
      await call.unmute();
      expect(call.isMuted).toBe(false);
    },
    async released() {
      const { call, server } = await connectedCall();
      await call.mute();
      await call.unmute();
      await call.muteIncomingAudio();
      expect(call.isIncomingAudioMuted).toBe(true);
      await call.unmuteIncomingAudio();
      await call.muteAllRemoteParticipants();
      for (const participant of call.remoteParticipants) {
        await participant.mute();
      }

      expect(call.isMuted).toBe(false);
      expect(server.asked('muteParticipants')).toEqual([{ callId }, { callId, participantIds: ['bob-1'] }]);
    },
  },
  'own camera': {
    async seed() {
      const { client, call } = await connectedCall();
      const [, videoDevice] = await client.deviceManager.getCameraList();
      const localVideoStream = await call.startVideo(videoDevice);
      expect(call.localVideoStreams[0]).toBe(localVideoStream);
      expect(localVideoStream.source).toEqual(videoDevice);
      await call.stopVideo(localVideoStream);
      expect(call.localVideoStreams).toEqual([]);
    },
    async released() {
      const { client, call } = await connectedCall();
      const [videoDevice] = await client.deviceManager.getCameras();
      const localVideoStream = new LocalVideoStream(videoDevice as VideoDeviceInfo);
      await call.startVideo(localVideoStream);
      expect(call.localVideoStreams).toEqual([localVideoStream]);
      expect(localVideoStream.source).toEqual(videoDevice);
      expect(await localVideoStream.getMediaStream()).toBe(localVideoStream.mediaStream);
      await call.stopVideo(localVideoStream);
      expect(call.localVideoStreams).toEqual([]);
    },
  },
  feature: {
    async seed() {
      const { call } = await connectedCall();

      expect(call.api(MediaStats)).toBe(call.api(MediaStats));
    },
    async released() {
      const { call } = await connectedCall();

      expect(call.feature(MediaStats)).toBe(call.api(MediaStats));
    },
  },
  'own streams': {
    async seed() {
      const { call } = await connectedCall();
      const stream = await call.startVideo();

      expect(call.localVideoStreams).toEqual([stream]);
    },
    async released() {
      const { call } = await connectedCall();
      await call.startVideo();
      await call.startScreenSharing();

      expect(call.localVideoStreams.map((stream) => stream.mediaStreamType)).toEqual([
        'Video',
        'ScreenSharing',
      ]);
    },
  },
  people: {
    async seed() {
      const { call, server, answer } = await presentersCall();
      const remoteParticipant = call.addParticipant('carol');
      server.notify('participantJoined', carolRings);
      await answer();
      expect(call.remoteParticipants).toContain(remoteParticipant);
      await call.removeParticipant(remoteParticipant);

      expect(server.asked('cancelRinging')).toEqual([{ callId, participantId: 'carol-1' }]);
    },
    async released() {
      const { call, server } = await presentersCall();
      const carol = call.addParticipant({ communicationUserId: 'carol' });
      const phone = call.addParticipant({ phoneNumber: number });
      expect([carol, phone].map(({ identity }) => identity.id)).toEqual(['carol', number]);
      await call.removeParticipant({ communicationUserId: 'bob' });
      expect(server.asked('removeParticipant')).toEqual([{ callId, participantId: 'bob-1' }]);
      await expect(call.removeParticipant({ communicationUserId: 'dave' })).rejects.toThrow(TypeError);
      await expect(call.removeParticipant('dave')).rejects.toThrow(TypeError);
      for (const wrong of [{ communicationUserId: 'no/slash' }, { id: 'carol' }, undefined]) {
        expect(() => call.addParticipant(wrong as never)).toThrow(TypeError);
      }
    },
  },
  events: {
    async seed() {
      const { call, server } = await connectedCall();
      const states: string[] = [];
      const eventHandler = (): void => void states.push(call.state);
      const comings: number[][] = [];
      call.on('stateChanged', eventHandler);
      call.on('remoteParticipantsUpdated', (e) => comings.push([e.added.length, e.removed.length]));
      await call.hold();
      call.off('stateChanged', eventHandler);
      await call.resume();
      server.notify('participantJoined', { callId, participant: infoOf('carol') });

      expect([states, comings]).toEqual([['LocalHold'], [[1, 0]]]);
    },
    async released() {
      const { client } = await createTestClient();
      const calls: Call[] = [];
      client.on('callsUpdated', ({ added }) => calls.push(...added));
      const call = client.startCall(['bob']);
      const told: unknown[] = [];
      const onState = (): void => void told.push(call.state);
      call.on('idChanged', () => told.push(call.id));
      call.on('stateChanged', onState);
      await nextTurn();
      call.off('stateChanged', onState);
      await call.hangUp();

      expect([calls, told]).toEqual([[call], ['Connecting', callId, 'Ringing']]);
    },
  },
  hold: {
    async released() {
      const parts = await createTestClient();
      parts.server.on('startCall', () => ({ ...joined('direct', 'connected'), unreachable: [] }));
      const call = parts.client.startCall(['bob']);
      await nextTurn();
      const states: string[] = [];
      call.on('stateChanged', () => states.push(call.state));
      await call.hold();
      await call.resume();
      parts.server.notify('holdChanged', { callId, participantId: 'bob-1', isOnHold: true });

      expect(states).toEqual(['LocalHold', 'Connected', 'RemoteHold']);
    },
  },
  incoming: {
    async released() {
      const { incomingCall } = await ringing();
      const { callerInfo } = incomingCall;
      expect(callerInfo.identifier).toEqual({ kind: 'communicationUser', communicationUserId: 'bob' });
      expect(await incomingCall.accept()).toMatchObject({ id: callId, direction: 'Incoming' });

      const declined = await ringing();
      await declined.incomingCall.reject();
      expect(declined.server.asked('rejectCall')).toEqual([{ callId }]);

      const missed = await ringing();
      const ends: string[] = [];
      missed.incomingCall.on('callEnded', ({ callEndReason }) => ends.push(callEndReason.name));
      missed.server.notify('incomingCallEnded', { callId, reason: 'canceled' });
      expect(ends).toEqual(['canceled']);
    },
  },
  identity: {
    async seed() {
      const { bob: participant } = await callWithBob();
      const identity = participant.identity;

      expect([identity.id, identity.type]).toEqual(['bob', 'user']);
    },
    async released() {
      const { call } = await presentersCall();
      const [participant] = call.remoteParticipants;
      const identifier = participant?.identifier;

      expect(identifier?.kind).toBe('communicationUser');
      expect(identifier).toEqual({ kind: 'communicationUser', communicationUserId: 'bob' });
      expect(call.addParticipant(number).identifier).toEqual({ kind: 'phoneNumber', phoneNumber: number });
    },
  },
  state: {
    async seed() {
      const { bob: participant, server } = await callWithBob();
      const states = [participant.state];
      participant.on('stateChanged', () => states.push(participant.state));
      server.notify('holdChanged', { callId, participantId: 'bob-1', isOnHold: true });
      server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });

      expect(states).toEqual(['Connected', 'OnHold', 'Disconnected']);
      expect(states.every((state) => seedStates.includes(state))).toBe(true);
    },
  },
  'end reason': {
    async seed() {
      const { bob: participant, server } = await callWithBob();
      server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'removed' });
      const { code, subcode, message } = participant.callEndReason ?? {};

      expect([code, subcode, message]).toEqual([0, 5300, 'The participant was removed from the call.']);
    },
    async released() {
      const { call, server } = await callWithBob();
      server.notify('callEnded', { callId, reason: 'ended_for_everyone' });
      const { code, subCode } = call.callEndReason ?? {};

      expect([code, subCode]).toEqual([0, 4097]);
    },
  },
};
