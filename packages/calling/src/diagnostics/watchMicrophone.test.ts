import { describe, expect, it } from 'vitest';
import { diagnosedCall } from '../testing/diagnosedCall.ts';
import { nextTurn } from '../testing/testClient.ts';

describe('of the microphone', () => {
  it('speakingWhileMicrophoneIsMuted is raised by a voice, and lowered by silence and by unmuting', async () => {
    const { of, call, devices } = await diagnosedCall();
    const measure = (amplitude: number, times: number): void => {
      for (let taken = 0; taken < times; taken += 1) {
        devices.meters.get('The mic-1')?.(amplitude);
      }
    };
    expect(devices.meters.size).toBe(0);
    await call.mute();
    measure(0.01, 50);
    measure(0.2, 5);
    measure(0, 15);
    expect(of('speakingWhileMicrophoneIsMuted')).toEqual([]);

    measure(0.2, 6);
    expect(of('speakingWhileMicrophoneIsMuted')).toEqual([true]);
    measure(0, 15);
    expect(of('speakingWhileMicrophoneIsMuted')).toEqual([false]);
    measure(0.2, 6);
    await call.unmute();

    expect(of('speakingWhileMicrophoneIsMuted')).toEqual([true, false]);
    expect(devices.meters.size).toBe(0);
  });

  it('is measured by a copy that hears while it is muted, and is turned off with it', async () => {
    const { client, call, devices } = await diagnosedCall();
    devices.plug('audioinput', 'mic-2');
    const [, second] = await client.deviceManager.getMicrophoneList();
    await call.mute();
    const [first] = devices.tracks;
    expect(first?.clones).toMatchObject([{ enabled: true, readyState: 'live' }]);

    await client.deviceManager.setMicrophone(second as never);
    expect(first?.clones).toMatchObject([{ readyState: 'ended' }]);
    expect(devices.tracks[1]?.clones).toMatchObject([{ readyState: 'live' }]);
    devices.unplug('mic-1');
    devices.unplug('mic-2');
    await nextTurn();

    expect(devices.tracks[1]?.clones).toMatchObject([{ readyState: 'ended' }]);
    expect(devices.meters.size).toBe(0);
  });

  it('microphoneMuteUnexpectedly is raised by the system, and not while the person has muted it', async () => {
    const { of, call, devices } = await diagnosedCall();
    await call.mute();
    devices.tracks[0]?.setMuted(true);
    expect(of('microphoneMuteUnexpectedly')).toEqual([]);

    await call.unmute();
    devices.tracks[0]?.setMuted(false);

    expect(of('microphoneMuteUnexpectedly')).toEqual([true, false]);
  });

  it('microphoneNotFunctioning is raised by one that ends, and lowered by the next', async () => {
    const { of, devices } = await diagnosedCall();

    devices.unplug('mic-1');
    await nextTurn();
    expect(of('microphoneNotFunctioning')).toEqual([true]);
    devices.plug('audioinput', 'mic-2');
    await nextTurn();

    expect(of('microphoneNotFunctioning')).toEqual([false]);
  });

  it('microphoneNotFunctioning is raised at once by one that ends, however long another takes to open', async () => {
    const { of, devices } = await diagnosedCall();
    devices.question = new Promise(() => {});

    devices.unplug('mic-1');

    expect(of('microphoneNotFunctioning')).toEqual([true]);
  });

  it.each([
    ['microphoneNotFunctioning', {}],
    ['microphoneNotMuteButSilent', { totalSamplesDuration: 1 }],
  ])('%s is raised after ten seconds of it, and lowered by sound', async (name, nothing) => {
    const { of, counters, second } = await diagnosedCall();
    const outbound = { type: 'outbound-rtp', kind: 'audio', mid: 'microphone', mediaSourceId: 'source' };
    counters.set('send', 'out', outbound);
    counters.set('send', 'source', { type: 'media-source', totalSamplesDuration: 0, totalAudioEnergy: 0 });
    const sound = { totalSamplesDuration: 1, totalAudioEnergy: 0.001 };
    await second(() => counters.grow('send', 'source', sound), 3);

    await second(() => counters.grow('send', 'source', nothing), 10);
    expect(of(name)).toEqual([]);
    await second(() => counters.grow('send', 'source', nothing), 3);
    expect(of(name)).toEqual([true]);
    await second(() => counters.grow('send', 'source', sound), 2);

    expect(of(name)).toEqual([false]);
  });

  it.each(['microphoneNotFunctioning', 'microphoneNotMuteButSilent'])(
    '%s is not raised by a microphone that the person has muted',
    async (name) => {
      const { of, call, counters, second } = await diagnosedCall();
      const outbound = { type: 'outbound-rtp', kind: 'audio', mid: 'microphone', mediaSourceId: 'source' };
      counters.set('send', 'out', outbound);
      counters.set('send', 'source', { type: 'media-source', totalSamplesDuration: 0, totalAudioEnergy: 0 });
      await call.mute();

      await second(() => {}, 20);

      expect(of(name)).toEqual([]);
    },
  );

  it.each([
    ['Permission denied', undefined, 'browser'],
    ['Permission denied by system', undefined, 'system'],
    ['The request is not allowed.', 'granted', 'system'],
    ['The request is not allowed.', 'denied', 'browser'],
  ] as const)(
    'microphonePermissionDenied says of "%s" with %s who has denied it',
    async (message, state, deniedBy) => {
      const { of, media, client, devices } = await diagnosedCall();
      devices.refusals.audio = 'NotAllowedError';
      devices.refusalMessage = message;
      if (state !== undefined) {
        devices.permissions.microphone = state;
      }

      await client.deviceManager.askDevicePermission(true, false);
      await nextTurn();
      expect(media.getLatest().microphonePermissionDenied).toEqual({
        value: true,
        valueType: 'DiagnosticFlag',
        deniedBy,
      });
      delete devices.refusals.audio;
      await client.deviceManager.askDevicePermission(true, false);

      expect(of('microphonePermissionDenied')).toEqual([true, false]);
    },
  );
});
