import { describe, expect, it, vi } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('constraints', () => {
  it('of a call hold for the microphone and camera it begins with, beside the defaults, and for those that follow', async () => {
    const { client, devices } = await createTestClient();
    const call = client.join(
      { roomId: 'room-1' },
      {
        audioOptions: { constraints: { noiseSuppression: false } },
        videoOptions: { camera: true, constraints: { height: { ideal: 360 } } },
      },
    );
    await nextTurn();
    await call.localVideoStreams[0]?.switchSource({ id: 'cam-2', name: '' });

    expect(devices.opened[0]?.audio).toMatchObject({ echoCancellation: true, noiseSuppression: false });
    expect(devices.opened.map(({ video }) => video)).toMatchObject([
      { width: { ideal: 1280 }, height: { ideal: 360 } },
      { deviceId: { exact: 'cam-2' }, height: { ideal: 360 } },
    ]);
  });

  it('of startVideo() take the place of those, and one that was opened early is not taken', async () => {
    const { call, client, devices } = await connectedCall();
    await client.deviceManager.startPreheatDevices();

    await call.startVideo(undefined, { constraints: { frameRate: 10 } });

    expect(devices.opened.at(-1)?.video).toMatchObject({ frameRate: 10 });
  });

  it('of a screen go to the browser, which leaves out the sound of this page unless it is wanted', async () => {
    const { call, devices } = await connectedCall();
    const asked = vi.spyOn(devices, 'getDisplayMedia');

    await call.startScreenSharing({ audio: true });
    await call.stopScreenSharing();
    await call.startScreenSharing({
      audio: true,
      constraints: { frameRate: 30 },
      contentHint: 'motion',
      restrictOwnAudio: false,
      suppressLocalAudioPlayback: true,
    });

    expect(asked.mock.calls.map(([options]) => options)).toMatchObject([
      { audio: { echoCancellation: true, restrictOwnAudio: true, suppressLocalAudioPlayback: false } },
      { video: { frameRate: 30 }, audio: { restrictOwnAudio: false, suppressLocalAudioPlayback: true } },
    ]);
    expect(call.localVideoStreams[0]?.mediaStream.getVideoTracks()[0]?.contentHint).toBe('motion');
  });
});
