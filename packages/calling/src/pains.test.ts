import { describe, expect, it } from 'vitest';
import { CommunicationUserCredential } from './client/CommunicationUserCredential.ts';
import type { MediaDeviceError } from './devices/MediaDeviceError.ts';
import { CallError } from './errors.ts';
import { bobsMedia } from './testing/bobsMedia.ts';
import { connectedCall } from './testing/connectedCall.ts';
import { asMediaStream, FakeStream, FakeTrack } from './testing/fakeMediaStream.ts';
import { FakePage } from './testing/fakePage.ts';
import { FakeClock, FakeServer } from './testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from './testing/testClient.ts';

const caller = { userId: 'bob', displayName: 'Bob', kind: 'user' } as const;

/** Knows who listens to it. */
class CountingPage extends FakePage {
  listeners: [type: string, listener: unknown][] = [];

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.#forget(args[0], args[1]);
    this.listeners.push([args[0], args[1]]);
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.#forget(args[0], args[1]);
    super.removeEventListener(...args);
  }

  #forget(type: string, listener: unknown): void {
    this.listeners = this.listeners.filter(([known, by]) => known !== type || by !== listener);
  }
}

/** As a browser lists a device before the person has said yes to any of its kind. */
const unnamed = ({ kind }: MediaDeviceInfo): MediaDeviceInfo => ({
  kind,
  deviceId: '',
  label: '',
  groupId: '',
  toJSON: () => ({}),
});

describe('a connection that is lost for long', () => {
  it('leaves the camera on, and sent, once it is back after most of the time it may take', async () => {
    const { call, server, clock, devices, media } = await connectedCall();
    await call.startVideo();
    const camera = media.session.sentFrom('camera')?.track;
    server.refusal = new CallError('unavailable');
    server.drop();
    await passInSteps(clock, 24_000, 500);
    expect(call.state).toBe('Reconnecting');

    server.refusal = undefined;
    await passInSteps(clock, 7_500, 500);

    expect(call.state).toBe('Connected');
    expect(camera?.readyState).toBe('live');
    expect(media.session.sentFrom('camera')).toMatchObject({ state: 'sending', track: camera });
    expect(devices.liveTracks).toHaveLength(2);
  });
});

describe('a token that has run out', () => {
  it.each([
    ['a string', new CommunicationUserCredential('a token'), 1],
    ['a function that has no better', new CommunicationUserCredential(() => 'a token'), 2],
  ])('fails at once and with its code, be it %s', async (_, credential, tries) => {
    const server = new FakeServer();
    server.refusal = new CallError('token_expired');

    const clock = new FakeClock();

    const failed = createTestClient({ server, credential, clock }).catch((error: unknown) => error);
    await nextTurn();
    clock.pass(0);

    await expect(failed).resolves.toMatchObject({ code: 'token_expired' });
    expect(server.connections).toHaveLength(tries);
  });
});

describe('a picture that iOS has paused', () => {
  it('goes on when the page is seen again, and not where the application has paused it', async () => {
    const { stream, page } = await bobsMedia();
    const [shown, paused] = [page.target(), page.target()];
    await stream.render(shown.asHtml);
    await (await stream.render(paused.asHtml)).pause();
    const videos = [shown, paused].map(({ element }) => [...element.children][0]);
    page.setVisibility('hidden');
    videos.forEach((video) => video?.pause());
    page.setVisibility('visible');
    await nextTurn();

    expect(videos.map((video) => video?.isPlaying)).toEqual([true, false]);
  });
});

describe('fifty calls one after another', () => {
  it('leave no listener, timer, element, device or transport behind', async () => {
    const page = new CountingPage();
    const { client, server, devices, media, clock, network } = await createTestClient({ page });
    const counted = () => [
      page.listeners.length,
      page.observedElements,
      page.body.children.size,
      devices.listenerCount,
      devices.liveTracks.length,
      network.watcherCount,
      media.sessions.filter(({ isClosed }) => !isClosed).length,
      clock.pending,
    ];
    const before = counted();

    for (let calls = 0; calls < 50; calls += 1) {
      const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
      await nextTurn();
      server.notify('producerAdded', {
        callId: 'call-1',
        participantId: 'bob-1',
        producer: { id: 'camera-1', source: 'camera', paused: false },
      });
      await call.remoteParticipants[0]?.videoStreams[0]?.render(page.target().asHtml);
      await call.localVideoStreams[0]?.render(page.target().asHtml);
      await call.hangUp();
    }

    expect(media.sessions).toHaveLength(50);
    expect(counted()).toEqual(before);
  });
});

describe('the sound of a shared screen', () => {
  it('is asked for without what this page itself plays, so that nobody hears themselves', async () => {
    const { call, devices } = await connectedCall();
    const asked: DisplayMediaStreamOptions[] = [];
    const share = devices.getDisplayMedia.bind(devices);
    devices.getDisplayMedia = (options) => {
      asked.push(options);

      return share(options);
    };

    await call.startScreenSharing({ audio: true });
    await call.stopScreenSharing();
    await call.startScreenSharing();

    expect(asked).toMatchObject([
      { audio: { restrictOwnAudio: true, echoCancellation: true } },
      { audio: false },
    ]);
  });

  it('that the browser does not give is missing from the stream, which is shown all the same', async () => {
    const { call, devices, media } = await connectedCall();
    devices.getDisplayMedia = async () => asMediaStream(new FakeStream([new FakeTrack('video', 'screen')]));

    await call.startScreenSharing({ audio: true });

    expect(call.isScreenSharingOn).toBe(true);
    expect(call.localVideoStreams[0]?.mediaStream.getAudioTracks()).toEqual([]);
    expect(media.session.sent.map(({ source }) => source)).toEqual(['microphone', 'screen']);
  });
});

describe('a device that the browser does not give', () => {
  it.each([
    ['NotAllowedError', 'permission_denied'],
    ['SecurityError', 'permission_denied'],
    ['NotFoundError', 'device_not_found'],
    ['OverconstrainedError', 'device_not_found'],
    ['NotReadableError', 'device_busy'],
    ['AbortError', 'device_busy'],
    ['InvalidStateError', 'failed'],
  ])('for %s is told as %s by name, and the browser says why in `cause`', async (name, code) => {
    const { call, devices } = await connectedCall();
    devices.refusals.video = name;

    const refused = await call.startVideo().catch((error: unknown) => error as MediaDeviceError);

    expect(refused).toMatchObject({ name: 'MediaDeviceError', device: 'camera', code, cause: { name } });
    expect(call.state).toBe('Connected');
  });
});

describe('what this page sends', () => {
  it('is never played in it, its own shared sound neither', async () => {
    const { call, page } = await connectedCall();
    await call.startVideo();
    await call.startScreenSharing({ audio: true });
    const targets = call.localVideoStreams.map((stream) => ({ stream, ...page.target() }));

    await Promise.all(targets.map(({ stream, asHtml }) => stream.render(asHtml)));

    expect(page.body.children.size).toBe(0);
    expect(targets.map(({ element }) => [...element.children].map(({ muted }) => muted))).toEqual([
      [true],
      [true],
    ]);
  });
});

describe('a client that was disposed', () => {
  it('is called no more, and the next one of the same user takes its place at once', async () => {
    const { client, server } = await createTestClient();
    const rung: string[] = [];
    client.on('incomingCall', ({ id }) => rung.push(`old ${id}`));
    const disposed = client.dispose();
    const next = await createTestClient({ server });
    next.client.on('incomingCall', ({ id }) => rung.push(`new ${id}`));
    await disposed;

    server.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    const call = next.client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(rung).toEqual(['new call-2']);
    expect(call.state).toBe('Connected');
  });

  it('is so after a while, also when the server never answers', async () => {
    const { client, server, clock } = await connectedCall();
    server.isDeaf = true;

    const disposed = client.dispose();
    await nextTurn();
    clock.pass(3_000);
    await disposed;

    expect(client.connectionState).toBe('Disconnected');
    expect(clock.pending).toBe(0);
  });
});

describe('whoever subscribes late', () => {
  it('finds everybody, and what they send, in the collections', async () => {
    const { call } = await bobsMedia();

    expect(call.remoteParticipants.map(({ identity }) => identity.id)).toEqual(['bob']);
    expect(call.remoteParticipants[0]).toMatchObject({
      state: 'Connected',
      isMuted: false,
      videoStreams: [{ isAvailable: true }],
      audioStreams: [{ type: 'Microphone' }],
    });
  });
});

describe('a call that is begun, given up and begun again in one turn', () => {
  it('is entered once, as a page does that mounts everything twice', async () => {
    const { client, server, devices } = await createTestClient();

    const first = client.join({ roomId: 'room-1' });
    const hungUp = first.hangUp();
    const second = client.join({ roomId: 'room-1' });
    await hungUp;
    await nextTurn();

    expect([first.state, second.state]).toEqual(['Disconnected', 'Connected']);
    expect(server.asked('joinRoom')).toHaveLength(1);
    expect(client.calls).toEqual([second]);
    expect(devices.liveTracks).toHaveLength(1);
  });
});

describe('the list of devices', () => {
  it('has no names before the person has said yes to a device, and is told again with them', async () => {
    const { client, devices } = await createTestClient();
    const named = devices.enumerateDevices.bind(devices);
    devices.enumerateDevices = async () =>
      (await named()).map((device) => (devices.opened.length > 0 ? device : unnamed(device)));
    const { deviceManager } = client;
    expect(await deviceManager.getMicrophoneList()).toMatchObject([{ name: '' }]);
    const told: string[] = [];
    deviceManager.on('microphonesUpdated', ({ added }) => told.push(...added.map(({ name }) => name)));

    await deviceManager.askDevicePermission(true, false);
    await nextTurn();

    expect(told).toEqual(['The mic-1']);
  });

  it('is read anew by asking for it, where the browser does not tell that a device has come', async () => {
    const { client, devices } = await createTestClient();
    await nextTurn();
    const known = await devices.enumerateDevices();
    const headset = {
      kind: 'audioinput',
      deviceId: 'headset',
      label: 'Headset',
      groupId: '',
      toJSON: () => ({}),
    };
    devices.enumerateDevices = async () => [...known, headset as MediaDeviceInfo];
    const told: string[] = [];
    client.deviceManager.on('microphonesUpdated', ({ added }) => told.push(...added.map(({ id }) => id)));

    const listed = await client.deviceManager.getMicrophoneList();

    expect(listed.map(({ id }) => id)).toEqual(['mic-1', 'headset']);
    expect(told).toEqual(['headset']);
  });
});
