import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncomingCall } from './call/incomingCallTypes.ts';
import { CallError } from './errors.ts';
import { NetworkQuality } from './stats/index.ts';
import { FakeCounters } from './testing/FakeCounters.ts';
import { createTestEncryption } from './testing/FakeWorker.ts';
import { asMediaStream, FakeStream } from './testing/fakeMediaStream.ts';
import { FakeMediaElement } from './testing/fakePage.ts';
import { fakeProcessor } from './testing/fakeProcessor.ts';
import { consumerOf, FakeServer, joined, participant } from './testing/FakeServer.ts';
import { callId, carolRings } from './testing/presentersCall.ts';
import { carryingEvents, eventOf, publicClasses } from './testing/publicSurface.ts';
import { SurfaceWatch } from './testing/SurfaceWatch.ts';
import { createTestClient, nextTurn, passInSteps } from './testing/testClient.ts';

/** What never changes as long as the object lives. */
const constant: Record<string, readonly string[]> = {
  Call: ['direction', 'lobby', 'chat'],
  CallClient: ['deviceManager'],
  DeviceManager: ['isSpeakerSelectionAvailable'],
  IncomingCall: ['id', 'kind', 'callerInfo', 'incomingCall', 'customData'],
  LocalVideoStream: ['type', 'mediaStreamType'],
  PreviewRenderer: ['target'],
  RemoteParticipant: ['identity', 'identifier'],
  RemoteVideoRenderer: ['target'],
  RemoteVideoStream: ['id', 'type', 'mediaStreamType'],
  VideoRenderer: ['target'],
};

/** What an event of another name tells of. */
const otherEvents: Record<string, string> = {
  'Call.optimalVideoCountReason': 'optimalVideoCountChanged',
  'IncomingCall.callEndReason': 'callEnded',
};

/** The classes of what is found behind a property. */
const leadsTo: Record<string, string> = {
  activeRenderers: 'RemoteVideoRenderer',
  calls: 'Call',
  chat: 'CallChat',
  deviceManager: 'DeviceManager',
  lobby: 'Lobby',
  localVideoStreams: 'LocalVideoStream',
  remoteParticipants: 'RemoteParticipant',
  screenSharingStreams: 'RemoteVideoStream',
  videoStreams: 'RemoteVideoStream',
};

describe.each(publicClasses)('the properties of $name', (declared) => {
  const { name, properties } = declared;

  it('have an event each, unless they are said not to change', () => {
    const silent = properties.filter(
      (property) =>
        eventOf(declared, property) === undefined && otherEvents[`${name}.${property}`] === undefined,
    );

    expect(silent.toSorted()).toEqual([...(constant[name] ?? [])].toSorted());
  });
});

describe('an event of a property', () => {
  it('carries nothing, but where it is of no property or has the name of a collection in the seed', () => {
    expect(carryingEvents.toSorted()).toEqual([
      'Diagnostic.diagnosticChanged',
      'Encryption.encryptionStateChanged',
      'NetworkQuality.participantQualityChanged',
      'RemoteVideoStream.activeRenderersChanged',
    ]);
  });
});

/** Brings about all that can change, one step after the other, after each of which is looked. */
async function driveEverything(watch: SurfaceWatch): Promise<void> {
  const server = new FakeServer();
  server.on('joinRoom', () => {
    const { call, ...answer } = joined('room', 'connected', [participant('bob')]);

    return { ...answer, call: { ...call, kind: 'direct' } };
  });
  const parts = await createTestClient({ server });
  const { client, page, devices, media, clock, audioOutput } = parts;
  page.createElement = (tagName) =>
    Object.assign(new FakeMediaElement(page, tagName), { setSinkId: async () => {} });
  watch.follow('CallClient', client);
  const step = async (name: string, act: () => unknown): Promise<void> => {
    await act();
    await nextTurn();
    watch.check(name);
  };
  const bob = { callId, participantId: 'bob-1' };
  const own = { callId, participantId: 'alice-1' };
  const call = client.join({ roomId: 'room-1' });
  watch.follow('Call', call);
  await step('join()', () => {});
  const [person] = call.remoteParticipants;
  if (person === undefined) {
    throw new Error('Bob is not there.');
  }

  for (const source of ['camera', 'screen', 'microphone'] as const) {
    await step(`producerAdded ${source}`, () =>
      server.notify('producerAdded', { ...bob, producer: { id: `${source}-1`, source, paused: false } }),
    );
  }
  await step('consumersAdded', () =>
    server.notify('consumersAdded', {
      callId,
      consumers: [{ ...consumerOf('microphone-1'), kind: 'audio' }],
    }),
  );
  const [stream] = person.videoStreams;
  const target = page.target();
  await step('render()', () => stream?.render(target.asHtml));
  await step('another size', () => {
    const [video] = target.element.children;
    Object.assign(video ?? {}, { videoWidth: 320, videoHeight: 180 });
    video?.dispatchEvent(new Event('resize'));
  });
  await step('a picture that stands still', () => passInSteps(clock, 20_000, 5_000));
  await step('sound that arrives', async () => {
    const counters = new FakeCounters();
    counters.set('send', 'out', { type: 'outbound-rtp', kind: 'audio', mid: 'microphone', packetsSent: 0 });
    counters.set('receive', 'in', {
      type: 'inbound-rtp',
      kind: 'audio',
      mid: 'mid-of-microphone-1',
      packetsReceived: 0,
      packetsLost: 0,
    });
    media.session.getStats = async () => counters.report(clock.now());
    const quality = call.feature(NetworkQuality);
    watch.follow('NetworkQuality', quality);
    // Nothing is measured for nobody.
    quality.on('participantQualityChanged', () => {});
    for (let seconds = 0; seconds < 12; seconds += 1) {
      counters.grow('send', 'out', { packetsSent: 50 });
      counters.grow('receive', 'in', { packetsReceived: 50 });
      await passInSteps(clock, 1_000, 1_000);
    }
  });
  const [renderer] = stream?.activeRenderers ?? [];
  await step('muteIncomingAudio()', () => call.muteIncomingAudio());
  await step('pause()', () => renderer?.pause());
  await step('resume()', () => renderer?.resume());
  await step('setScalingMode()', () => renderer?.setScalingMode('Fit'));
  await step('producerPaused', () => server.notify('producerPaused', { ...bob, producerId: 'camera-1' }));
  await step('mute by the other', () =>
    server.notify('producerPaused', { ...bob, producerId: 'microphone-1' }),
  );
  await step('speakersChanged', () =>
    server.notify('speakersChanged', {
      callId,
      participantIds: ['bob-1', 'alice-1'],
      dominantSpeaker: 'bob-1',
    }),
  );
  for (const who of [bob, own]) {
    await step('handRaised', () => server.notify('handRaised', { ...who, atMs: 1 }));
    await step('handLowered', () => server.notify('handLowered', who));
    await step('roleChanged', () => server.notify('roleChanged', { ...who, role: 'attendee' }));
  }
  await step('roleChanged back', () => server.notify('roleChanged', { ...own, role: 'presenter' }));
  await step('spotlightChanged', () =>
    server.notify('spotlightChanged', { callId, participantIds: ['bob-1', 'alice-1'] }),
  );
  await step('customDataChanged', () =>
    server.notify('customDataChanged', { callId, customData: { topic: 'a' } }),
  );
  await step('chatSent', () => {
    const message = {
      id: 'm1',
      participantId: 'bob-1',
      userId: 'bob',
      displayName: 'Bob',
      text: 'Hi',
      sentAtMs: 1,
    };
    server.notify('chatSent', { callId, message });
  });
  await step('lobbyChanged', () => {
    const identity = { userId: 'dave', displayName: 'Dave', kind: 'user' } as const;
    server.notify('lobbyChanged', { callId, lobby: [{ participantId: 'dave-1', identity, sinceMs: 1 }] });
  });
  await step('holdChanged', () => server.notify('holdChanged', { ...bob, isOnHold: true }));
  await step('callKindChanged', () => server.notify('callKindChanged', { callId, kind: 'group' }));

  await step('addParticipant()', () => {
    server.on('addParticipants', () => ({
      added: [{ userId: 'carol', participantId: 'carol-1' }],
      unreachable: [],
    }));
    call.addParticipant('carol');
    watch.check('addParticipant() at once');
  });
  await step('participantJoined', () => {
    const identity = { userId: 'carol', displayName: 'Carol C.', kind: 'user' } as const;
    server.notify('participantJoined', {
      ...carolRings,
      participant: { ...carolRings.participant, identity },
    });
  });
  await step('participantLeft', () => server.notify('participantLeft', { ...bob, reason: 'hangup' }));

  await step('mute()', () => call.mute());
  await step('unmute()', () => call.unmute());
  await step('startVideo()', () => call.startVideo());
  const { deviceManager } = client;
  const [first, camera] = await deviceManager.getCameraList();
  const [microphone] = await deviceManager.getMicrophoneList();
  const [speaker] = await deviceManager.getSpeakerList();
  if (first === undefined || camera === undefined || microphone === undefined || speaker === undefined) {
    throw new Error('There is no device.');
  }
  const [sent] = call.localVideoStreams;
  await step('render() of the own', async () => {
    const view = await sent?.render(page.target().asHtml);
    if (view !== undefined) {
      watch.follow('VideoRenderer', view);
      view.setScalingMode('Stretch');
    }
  });
  await step('setProcessor()', () => sent?.setProcessor(fakeProcessor('video').processor));
  await step('setAudioProcessor()', () => call.setAudioProcessor(fakeProcessor('audio').processor));
  await step('switchSource()', () => sent?.switchSource(camera));
  await step('stopVideo()', () => call.stopVideo());
  await step('startScreenSharing()', () => call.startScreenSharing());
  await step('hold()', () => call.hold());
  await step('setCamera()', () => deviceManager.setCamera(camera));
  await step('setMicrophone()', () => deviceManager.setMicrophone(microphone));
  await step('setSpeaker()', () => deviceManager.setSpeaker(speaker));
  await step('an unplugged microphone', () => devices.unplug('mic-1'));
  await step('another microphone', () => devices.plug('audioinput', 'mic-2'));

  await step('a preview', async () => {
    const preview = await deviceManager.renderPreviewVideo(undefined, page.target().asHtml);
    watch.follow('PreviewRenderer', preview);
    await preview.start();
    await preview.switchDevice(first);
    preview.setScalingMode('Fit');
    await preview.stop();
  });
  await step('a level meter', async () => {
    const meter = await deviceManager.startLevelMeter();
    watch.follow('LevelMeter', meter);
    devices.meters.forEach((tell) => tell(1));
    await nextTurn();
    meter.dispose();
  });
  await step('blocked sound', async () => {
    page.refusesToPlay = true;
    audioOutput.play(asMediaStream(new FakeStream([])));
  });
  await step('startAudio()', async () => {
    page.refusesToPlay = false;
    await client.startAudio();
  });
  await step('setKey()', async () => {
    const { encryption } = createTestEncryption();
    watch.follow('Encryption', encryption);
    await encryption.setKey(new Uint8Array(32).fill(1));
  });
  await step('an incoming call', async () => {
    const rung: IncomingCall[] = [];
    client.on('incomingCall', (incoming) => rung.push(incoming));
    const caller = { userId: 'erin', displayName: 'Erin', kind: 'user' } as const;
    server.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    rung.forEach((incoming) => watch.follow('IncomingCall', incoming));
    server.notify('incomingCallEnded', { callId: 'call-2', reason: 'canceled' });
  });

  await step('a lost connection', () => {
    server.refusal = new CallError('unavailable', 'The first try.');
    server.drop();
  });
  await step('a try in vain', () => {
    server.refusal = new CallError('timeout', 'The second try.');

    return passInSteps(clock, 3_000, 500);
  });
  await step('the connection is back, under another name', () => {
    server.refusal = undefined;
    server.displayName = 'Alice B.';

    return passInSteps(clock, 10_000, 500);
  });
  await step('callEnded', () => server.notify('callEnded', { callId, reason: 'ended_for_everyone' }));
  await step('dispose()', () => client.dispose());
}

describe('whatever changes', () => {
  beforeEach(() => void vi.stubGlobal('MediaStream', FakeStream));
  afterEach(() => void vi.unstubAllGlobals());

  it('has its event when it has, and everything was changed once', async () => {
    const watch = new SurfaceWatch(otherEvents, leadsTo);
    await driveEverything(watch);

    expect(watch.faults).toEqual([]);
    const changeable = publicClasses.flatMap(({ name, properties }) =>
      properties
        .filter((property) => constant[name]?.includes(property) !== true)
        .map((property) => `${name}.${property}`),
    );
    expect(changeable.filter((property) => !watch.changed.has(property))).toEqual([]);
  });
});
