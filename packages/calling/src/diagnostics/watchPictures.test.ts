import { createDeferred } from '@parley/kit';
import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { diagnosedCall } from '../testing/diagnosedCall.ts';
import { nextTurn } from '../testing/testClient.ts';
import { UserFacingDiagnosticsImpl } from './UserFacingDiagnosticsImpl.ts';

describe('of the camera', () => {
  it.each([
    ['cameraStartFailed', 'NotReadableError', 'Could not start video source'],
    ['cameraStartTimedOut', 'AbortError', 'Timeout starting video source'],
    ['cameraPermissionDenied', 'NotAllowedError', 'Permission denied'],
  ])('%s is raised by a %s that says "%s", and lowered by a start', async (name, refusal, message) => {
    const { told, of, call, devices } = await diagnosedCall();
    devices.refusals.video = refusal;
    devices.refusalMessage = message;

    await call.startVideo().catch(() => {});
    await nextTurn();
    expect(told).toEqual([[name, true]]);
    delete devices.refusals.video;
    await call.startVideo();

    expect(of(name)).toEqual([true, false]);
  });

  it.each(['granted', 'prompt'] as const)(
    'cameraStartTimedOut is raised after ten seconds only where nobody need be asked: %s',
    async (permission) => {
      const { of, call, devices, second } = await diagnosedCall();
      const question = createDeferred<void>();
      devices.question = question.promise;
      devices.permissions.camera = permission;
      const starting = call.startVideo();
      await nextTurn();

      await second(() => {}, 10);
      expect(of('cameraStartTimedOut')).toEqual(permission === 'granted' ? [true] : []);
      question.resolve();
      await starting;

      expect(of('cameraStartTimedOut')).toEqual(permission === 'granted' ? [false] : []);
    },
  );

  it('cameraFreeze is raised after five seconds without a frame, and lowered by one', async () => {
    const { of, call, counters, second } = await diagnosedCall();
    await call.startVideo();
    const outbound = { type: 'outbound-rtp', kind: 'video', mid: 'camera', mediaSourceId: 'source' };
    counters.set('send', 'out', outbound);
    counters.set('send', 'source', { type: 'media-source', frames: 0 });
    await second(() => counters.grow('send', 'source', { frames: 30 }), 2);

    await second(() => {}, 4);
    expect(of('cameraFreeze')).toEqual([]);
    await second(() => {}, 3);
    expect(of('cameraFreeze')).toEqual([true]);
    await second(() => counters.grow('send', 'source', { frames: 30 }), 2);

    expect(of('cameraFreeze')).toEqual([false]);
  });

  it('cameraStoppedUnexpectedly is raised by one that ends or that the system takes, not by stopVideo()', async () => {
    const { of, call, devices } = await diagnosedCall();
    await call.startVideo();
    await call.stopVideo();
    expect(of('cameraStoppedUnexpectedly')).toEqual([]);

    await call.startVideo();
    const track = devices.liveTracks.find(({ kind }) => kind === 'video');
    track?.setMuted(true);
    track?.setMuted(false);
    expect(of('cameraStoppedUnexpectedly')).toEqual([true, false]);
    devices.unplug('cam-2');
    devices.unplug('cam-1');
    await nextTurn();
    expect(of('cameraStoppedUnexpectedly')).toEqual([true]);
    devices.plug('videoinput', 'cam-3');
    await call.startVideo();

    expect(of('cameraStoppedUnexpectedly')).toEqual([false]);
  });
});

describe('of a camera that the system has taken', () => {
  it('cameraStoppedUnexpectedly is lowered when the person turns it off', async () => {
    const { of, call, devices } = await diagnosedCall();
    await call.startVideo();
    devices.liveTracks.find(({ kind }) => kind === 'video')?.setMuted(true);
    expect(of('cameraStoppedUnexpectedly')).toEqual([true]);

    await call.stopVideo();

    expect(of('cameraStoppedUnexpectedly')).toEqual([false]);
  });

  it('before anybody looked, cameraStoppedUnexpectedly is raised with the first look', async () => {
    const { call, devices } = await connectedCall();
    await call.startVideo();
    devices.liveTracks.find(({ kind }) => kind === 'video')?.setMuted(true);

    const { media } = call.feature((host) => {
      const environment = { isOnline: () => true, listsSpeakers: true };

      return new UserFacingDiagnosticsImpl(host, environment);
    });

    expect(media.getLatest().cameraStoppedUnexpectedly?.value).toBe(true);
  });
});

describe('of the screen', () => {
  it('capturerStartFailed is raised by a failure, and not by a person who chooses nothing', async () => {
    const { of, call, devices } = await diagnosedCall();
    devices.refusals.screen = 'NotAllowedError';
    await call.startScreenSharing().catch(() => {});
    await nextTurn();
    expect(of('capturerStartFailed')).toEqual([]);

    devices.refusals.screen = 'NotReadableError';
    await call.startScreenSharing().catch(() => {});
    await nextTurn();
    delete devices.refusals.screen;
    await call.startScreenSharing();

    expect(of('capturerStartFailed')).toEqual([true, false]);
  });

  it('screenshareRecordingDisabled is raised where the system denies it, and not by a person who chooses nothing', async () => {
    const { of, call, devices } = await diagnosedCall();
    devices.refusals.screen = 'NotAllowedError';
    await call.startScreenSharing().catch(() => {});
    await nextTurn();
    expect(of('screenshareRecordingDisabled')).toEqual([]);

    devices.refusalMessage = 'Permission denied by system';
    await call.startScreenSharing().catch(() => {});
    await nextTurn();
    expect([of('screenshareRecordingDisabled'), of('capturerStartFailed')]).toEqual([[true], [true]]);
    delete devices.refusals.screen;
    await call.startScreenSharing();

    expect([of('screenshareRecordingDisabled'), of('capturerStartFailed')]).toEqual([[false], [false]]);
  });

  it('capturerStoppedUnexpectedly is raised by one that ends, not by stopScreenSharing()', async () => {
    const { of, call, devices } = await diagnosedCall();
    await call.startScreenSharing();
    await call.stopScreenSharing();
    expect(of('capturerStoppedUnexpectedly')).toEqual([]);

    await call.startScreenSharing();
    devices.liveTracks.find(({ kind }) => kind === 'video')?.end();
    await nextTurn();
    expect(of('capturerStoppedUnexpectedly')).toEqual([true]);
    await call.startScreenSharing();

    expect(of('capturerStoppedUnexpectedly')).toEqual([false]);
  });
});
