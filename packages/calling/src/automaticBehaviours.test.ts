import { describe, expect, it, vi } from 'vitest';
import type { AutomaticBehaviours } from './automaticTypes.ts';
import { CommunicationUserCredential } from './client/CommunicationUserCredential.ts';
import type { DeviceMemory } from './devices/DeviceMemory.ts';
import { bobsMedia } from './testing/bobsMedia.ts';
import { connectedCall } from './testing/connectedCall.ts';
import { consumerOf, FakeClock, FakeServer } from './testing/FakeServer.ts';
import { FakeStream, type FakeTrack } from './testing/fakeMediaStream.ts';
import { fakeProcessor } from './testing/fakeProcessor.ts';
import { createTestClient, nextTurn, passInSteps } from './testing/testClient.ts';

const callId = 'call-1';
const minuteMs = 60_000;

/** What is seen by default, and with that one behaviour off. */
async function onAndOff<Seen>(
  name: keyof AutomaticBehaviours,
  show: (automatic: AutomaticBehaviours) => Promise<Seen>,
): Promise<{ on: Seen; off: Seen }> {
  return { on: await show({}), off: await show({ [name]: false }) };
}

/** In the call of a room, with Bob. */
const inCall = (automatic: AutomaticBehaviours) => connectedCall(new FakeServer(), automatic);

describe('each automatic behaviour is on by default, and can be switched off', () => {
  it('openMicrophone: a call begins with the microphone, or muted without one until unmute()', async () => {
    const seen = await onAndOff('openMicrophone', async (automatic) => {
      const { call, devices, media } = await inCall(automatic);
      const before = [call.isMuted, call.isMicrophoneAvailable, devices.opened.length];
      await call.unmute();

      return {
        before,
        after: [call.isMuted, devices.opened.length, media.session.sentFrom('microphone')?.state],
      };
    });

    expect(seen.on).toEqual({ before: [false, true, 1], after: [false, 1, 'sending'] });
    expect(seen.off).toEqual({ before: [true, false, 0], after: [false, 1, 'sending'] });
  });

  it('keepMutedMicrophone: a muted microphone stays open and silent, or is off until unmute()', async () => {
    const seen = await onAndOff('keepMutedMicrophone', async (automatic) => {
      const { call, devices, media, server } = await inCall(automatic);
      await call.mute();
      const muted = [devices.liveTracks.length, call.isMicrophoneAvailable];
      const asked = server.asked('pauseProducer').length;
      await call.unmute();
      const sent = media.session.sentFrom('microphone');

      return { muted, asked, opened: devices.tracks.length, after: [sent?.state, sent?.track.readyState] };
    });

    expect(seen.on).toEqual({ muted: [1, true], asked: 1, opened: 1, after: ['sending', 'live'] });
    expect(seen.off).toEqual({ muted: [0, false], asked: 1, opened: 2, after: ['sending', 'live'] });
  });

  it('reopenDevices: a microphone that the system took from a hidden page is taken back, or not', async () => {
    const seen = await onAndOff('reopenDevices', async (automatic) => {
      const { devices, page } = await inCall(automatic);
      page.setVisibility('hidden');
      (devices.tracks[0] as FakeTrack).muted = true;
      page.setVisibility('visible');
      await nextTurn();

      return devices.liveTracks.map(({ muted }) => muted);
    });

    expect(seen).toEqual({ on: [false], off: [true] });
  });

  it('restartIce: a lost path is looked for anew, or ends the call once it has failed', async () => {
    const seen = await onAndOff('restartIce', async (automatic) => {
      const { call, media, server } = await inCall(automatic);
      media.session.options.onPathChanged('disconnected');
      await nextTurn();
      const lost = [call.state, server.asked('restartIce').length];
      media.session.options.onPathChanged('connected');
      const found = call.state;
      media.session.options.onPathChanged('failed');
      await nextTurn();

      return [...lost, found, call.state, call.callEndReason?.name];
    });

    expect(seen.on).toEqual(['Reconnecting', 1, 'Connected', 'Reconnecting', undefined]);
    expect(seen.off).toEqual(['Reconnecting', 0, 'Connected', 'Disconnected', 'media_failed']);
  });

  it('receiveOnRender: a picture is received while it is rendered, or from its beginning on', async () => {
    const seen = await onAndOff('receiveOnRender', async (automatic) => {
      const { stream, server } = await bobsMedia(automatic);

      return [server.asked('consume').length, stream.mediaStream !== undefined];
    });

    expect(seen).toEqual({ on: [0, false], off: [1, true] });
  });

  it('pauseHidden: a picture that nobody can see is paused, or flows on', async () => {
    const seen = await onAndOff('pauseHidden', async (automatic) => {
      const { stream, server, page, clock } = await bobsMedia(automatic);
      const { element, asHtml } = page.target();
      await stream.render(asHtml);
      page.scroll(element, false);
      await nextTurn();
      await passInSteps(clock, 20_000, 100);

      return [server.asked('pauseConsumers').length, server.asked('closeConsumers').length];
    });

    expect(seen).toEqual({ on: [1, 1], off: [0, 0] });
  });

  it('fitToView: the server is told how large a picture is shown, or nothing of it', async () => {
    const seen = await onAndOff('fitToView', async (automatic) => {
      const { stream, server, page } = await bobsMedia(automatic);
      const { element, asHtml } = page.target();
      await stream.render(asHtml);
      page.resize(element, 320, 180);
      await nextTurn();

      return server.asked('setViewports').flatMap(({ viewports }) => viewports.map(({ width }) => width));
    });

    expect(seen).toEqual({ on: [320], off: [] });
  });

  it('suspendLayers: layers that nobody receives are not encoded, or are', async () => {
    const seen = await onAndOff('suspendLayers', async (automatic) => {
      const { call, media, server } = await inCall(automatic);
      await call.startVideo();
      server.notify('encodingsWanted', { callId, producerId: 'own-camera', wanted: [true, false, false] });
      await nextTurn();

      return media.session.sentFrom('camera')?.largestEncoding;
    });

    expect(seen).toEqual({ on: 0, off: undefined });
  });

  it('sendUnprocessed: when a processor fails the plain picture and sound are sent, or nothing is', async () => {
    vi.stubGlobal('MediaStream', FakeStream);
    const seen = await onAndOff('sendUnprocessed', async (automatic) => {
      const { call, media } = await inCall(automatic);
      const [audio, video] = [fakeProcessor('audio'), fakeProcessor('video')];
      await call.setAudioProcessor(audio.processor);
      const stream = await call.startVideo();
      await stream.setProcessor(video.processor);
      const failure = new Error('no memory for the model');
      video.state.listener?.onError(failure);
      audio.state.listener?.onError(failure);
      await nextTurn();
      const [picture, sound] = (['camera', 'microphone'] as const).map((of) => media.session.sentFrom(of));

      return {
        picture: picture?.state === 'closed' ? undefined : (picture?.track as FakeTrack | undefined)?.label,
        isMuted: call.isMuted,
        isHeard: sound?.track?.enabled,
        streams: call.localVideoStreams.length,
      };
    });

    expect(seen).toEqual({
      on: { picture: 'The cam-1', isMuted: false, isHeard: true, streams: 1 },
      off: { picture: undefined, isMuted: true, isHeard: false, streams: 0 },
    });
  });

  it('paceData: messages wait for the rate of the server, or go as they come', async () => {
    const seen = await onAndOff('paceData', async (automatic) => {
      const { call, media, server } = await inCall(automatic);
      server.on('produceData', ({ channel }) => ({ dataProducerId: `own-${channel}` }));
      for (let sent = 0; sent < 100; sent += 1) {
        void call.sendData(new Uint8Array(1), { channel: 'ordered' }).catch(() => {});
        void call.sendData(new Uint8Array(1), { channel: 'lossy' });
      }
      await nextTurn();
      const { ordered, lossy } = media.session.sentData;

      return ordered.length + lossy.length;
    });

    expect(seen).toEqual({ on: 25, off: 200 });
  });

  it('refreshProactively: a token is replaced before it runs out, or when the server says that it has', async () => {
    const seen = await onAndOff('refreshProactively', async (automatic) => {
      const [server, clock] = [new FakeServer(), new FakeClock()];
      server.tokenExpiresAtMs = 60 * minuteMs;
      const credential = new CommunicationUserCredential(() => 'token-1', 'token-0');
      await createTestClient({ server, clock, credential, automatic });
      clock.pass(59 * minuteMs);
      await nextTurn();
      const before = server.asked('refreshToken').length;
      clock.pass(minuteMs);
      server.notify('tokenExpired', {});
      await nextTurn();

      return [before, server.asked('refreshToken').length];
    });

    expect(seen.on[0]).toBe(1);
    expect(seen.off).toEqual([0, 1]);
  });

  it('reconnect: a lost connection is made again, or ends calls and client', async () => {
    const seen = await onAndOff('reconnect', async (automatic) => {
      const { client, call, server, clock } = await inCall(automatic);
      server.drop();
      await nextTurn();
      const { connectionState } = client;

      return [connectionState, call.callEndReason?.name, server.connections.length, clock.pending];
    });

    expect(seen.on.slice(0, 3)).toEqual(['Connected', undefined, 2]);
    expect(seen.off).toEqual(['Disconnected', 'connection_lost', 1, 0]);
  });

  it('followNetwork: a change of the network has ICE restarted at once, or is not listened to', async () => {
    const seen = await onAndOff('followNetwork', async (automatic) => {
      const { network, server } = await inCall(automatic);
      const watchers = network.watcherCount;
      network.change();
      await nextTurn();

      return [watchers, server.asked('restartIce').length];
    });

    expect(seen).toEqual({ on: [1, 1], off: [0, 0] });
  });

  it('leaveWithPage: a page that is closed hangs up, or leaves its place to be missed', async () => {
    const seen = await onAndOff('leaveWithPage', async (automatic) => {
      const { server, page } = await inCall(automatic);
      page.dispatchEvent(new Event('pagehide'));
      await nextTurn();

      return server.asked('leaveCall').length;
    });

    expect(seen).toEqual({ on: 1, off: 0 });
  });

  it('rememberDevices: what was chosen is chosen again on the next visit, or forgotten', async () => {
    const seen = await onAndOff('rememberDevices', async (automatic) => {
      const kept: Record<string, string> = {};
      const deviceMemory: DeviceMemory = { read: () => kept, write: (kind, id) => void (kept[kind] = id) };
      const { client: first } = await createTestClient({ deviceMemory, automatic });
      await first.deviceManager.setCamera({ id: 'cam-2', name: 'The cam-2' });
      const { client } = await createTestClient({ deviceMemory, automatic });
      await nextTurn();

      return client.deviceManager.getCamera()?.id;
    });

    expect(seen).toEqual({ on: 'cam-2', off: undefined });
  });

  it("followDevices: a call goes over to the system's new choice, or stays with what it has", async () => {
    const seen = await onAndOff('followDevices', async (automatic) => {
      const { client, devices } = await createTestClient({ automatic });
      devices.setDefaultMicrophone('Default - The mic-1');
      await nextTurn();
      client.join({ roomId: 'room-1' });
      await nextTurn();
      devices.setDefaultMicrophone('Default - Headset');
      await nextTurn();

      return devices.liveTracks.map(({ label }) => label);
    });

    expect(seen).toEqual({ on: ['Default - Headset'], off: ['Default - The mic-1'] });
  });

  it('replaceDevices: another microphone takes the place of one that is unplugged, or that is told', async () => {
    const seen = await onAndOff('replaceDevices', async (automatic) => {
      const { call, devices } = await inCall(automatic);
      const told: string[] = [];
      call.on('mediaDeviceReplaced', ({ replacement }) => told.push(replacement.id));
      call.on('mediaDeviceFailed', ({ code }) => told.push(code));
      devices.plug('audioinput', 'mic-2');
      devices.unplug('mic-1');
      await nextTurn();

      return [...told, call.isMicrophoneAvailable];
    });

    expect(seen).toEqual({ on: ['mic-2', true], off: ['device_not_found', false] });
  });

  it('playAudio: what is heard is played, or left to the application', async () => {
    const seen = await onAndOff('playAudio', async (automatic) => {
      const { call, page } = await bobsMedia(automatic);

      return [page.body.children.size, call.remoteParticipants[0]?.audioStreams.length];
    });

    expect(seen).toEqual({ on: [1, 1], off: [0, 1] });
  });

  it('playOnTouch: a touch begins what the browser refused to play, or only startAudio() does', async () => {
    const seen = await onAndOff('playOnTouch', async (automatic) => {
      const { client, call, page, server } = await inCall(automatic);
      page.refusesToPlay = true;
      server.notify('consumersAdded', { callId, consumers: [consumerOf('mic-bob')] });
      const producer = { id: 'mic-bob', source: 'microphone', paused: false } as const;
      server.notify('producerAdded', {
        callId,
        participantId: call.remoteParticipants[0]?.endpointId ?? '',
        producer,
      });
      await nextTurn();
      const isBlocked = client.isAudioPlaybackBlocked;
      page.refusesToPlay = false;
      const [element] = page.body.children;
      page.dispatchEvent(new Event('click'));
      await nextTurn();
      const byTouch = element?.isPlaying;
      await client.startAudio();

      return [isBlocked, byTouch, element?.isPlaying];
    });

    expect(seen).toEqual({ on: [true, true, true], off: [true, false, true] });
  });

  it('resumeAudio: sound that the system has paused goes on when the page is seen again, or not', async () => {
    const seen = await onAndOff('resumeAudio', async (automatic) => {
      const { client, page } = await bobsMedia(automatic);
      const [element] = page.body.children;
      page.setVisibility('hidden');
      element?.pause();
      page.setVisibility('visible');
      const isResumed = element?.isPlaying;
      await client.startAudio();

      return [isResumed, element?.isPlaying];
    });

    expect(seen).toEqual({ on: [true, true], off: [false, true] });
  });
});
