import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { diagnosedCall } from '../testing/diagnosedCall.ts';
import { nextTurn } from '../testing/testClient.ts';
import { UserFacingDiagnosticsImpl } from './UserFacingDiagnosticsImpl.ts';

describe('the diagnostics', () => {
  it('tell each change with its kind of value, and keep the latest of what was ever out of order', async () => {
    const { media, call, devices } = await diagnosedCall();
    const events: unknown[] = [];
    media.on('diagnosticChanged', (event) => events.push(event));
    expect(media.getLatest()).toEqual({});

    devices.tracks[0]?.setMuted(true);
    devices.tracks[0]?.setMuted(true);
    devices.tracks[0]?.setMuted(false);

    const flag = { valueType: 'DiagnosticFlag' };
    expect(events).toEqual([
      { diagnostic: 'microphoneMuteUnexpectedly', value: true, ...flag },
      { diagnostic: 'microphoneMuteUnexpectedly', value: false, ...flag },
    ]);
    expect(media.getLatest()).toEqual({ microphoneMuteUnexpectedly: { value: false, ...flag } });
    await call.hangUp();
    expect(media.getLatest()).toEqual({ microphoneMuteUnexpectedly: { value: false, ...flag } });
  });

  it('leave no timer, no listener and no open device behind when the call ends', async () => {
    const { call, clock, counters, devices, second } = await diagnosedCall();
    devices.permissions.camera = 'granted';
    await call.mute();
    await call.startVideo();
    await second(() => {});
    await call.hangUp();
    const { looks } = counters;

    await second(() => {}, 3);

    expect(counters.looks).toBe(looks);
    expect(clock.pending).toBe(0);
    expect(devices.liveTracks).toEqual([]);
    expect(devices.tracks.flatMap(({ clones }) => clones).map(({ readyState }) => readyState)).toEqual([
      'ended',
    ]);
    expect(devices.meters.size).toBe(0);
    // That of the device manager.
    expect(devices.listenerCount).toBe(1);
  });
});

describe('of which devices there are', () => {
  it.each([
    ['noMicrophoneDevicesEnumerated', 'audioinput', 'mic-1'],
    ['noSpeakerDevicesEnumerated', 'audiooutput', 'speaker-1'],
  ] as const)('%s is raised with the last one, and lowered with the next', async (name, kind, id) => {
    const { of, devices } = await diagnosedCall();
    expect(of(name)).toEqual([]);

    devices.unplug(id);
    await nextTurn();
    expect(of(name)).toEqual([true]);
    devices.plug(kind, 'another');
    await nextTurn();

    expect(of(name)).toEqual([false]);
  });

  it('noSpeakerDevicesEnumerated is not raised in a browser that lists them only to who may use a microphone', async () => {
    const { of, call, devices } = await diagnosedCall();
    const known = await devices.enumerateDevices();
    let label = '';
    const listed = (): MediaDeviceInfo[] =>
      known
        .filter(({ kind }) => kind === 'audioinput')
        .map(({ kind, deviceId }) => ({ kind, deviceId, label, groupId: '', toJSON: () => ({}) }));
    devices.enumerateDevices = async () => listed();

    devices.plug('videoinput', 'cam-3');
    await nextTurn();
    expect(of('noSpeakerDevicesEnumerated')).toEqual([]);
    label = 'The microphone';
    await call.startVideo();
    await nextTurn();

    expect(of('noSpeakerDevicesEnumerated')).toEqual([true]);
  });

  it('a permission that is denied is told of no more when the person allows it in the settings, nor after the call', async () => {
    const { call, devices } = await connectedCall();
    let listener: (() => void) | undefined;
    const camera = {
      state: 'denied' as PermissionState,
      addEventListener: (_name: string, added: () => void) => (listener = added),
      removeEventListener: () => (listener = undefined),
    };
    devices.queryPermission = async (name) =>
      name === 'camera' ? (camera as unknown as PermissionStatus) : undefined;
    const environment = { isOnline: () => true, listsSpeakers: true };
    const { media } = call.feature((host) => new UserFacingDiagnosticsImpl(host, environment));
    devices.refusals.video = 'NotAllowedError';
    await call.startVideo().catch(() => {});
    await nextTurn();
    expect(media.getLatest().cameraPermissionDenied?.value).toBe(true);

    camera.state = 'granted';
    listener?.();
    expect(media.getLatest().cameraPermissionDenied?.value).toBe(false);
    await call.hangUp();

    expect(listener).toBeUndefined();
  });

  it('a permission that is denied by another than before is told again', async () => {
    const { media, call, devices } = await diagnosedCall();
    const denied: unknown[] = [];
    media.on('diagnosticChanged', ({ deniedBy }) => denied.push(deniedBy));
    devices.refusals.video = 'NotAllowedError';
    await call.startVideo().catch(() => {});
    await nextTurn();

    devices.refusalMessage = 'Permission denied by system';
    await call.startVideo().catch(() => {});
    await nextTurn();

    expect(denied).toEqual(['browser', 'system']);
    expect(media.getLatest().cameraPermissionDenied?.deniedBy).toBe('system');
  });

  it('noSpeakerDevicesEnumerated is not raised in a browser that lists no speakers at all', async () => {
    const { of, devices } = await diagnosedCall({ listsSpeakers: false });

    devices.unplug('speaker-1');
    await nextTurn();

    expect(of('noSpeakerDevicesEnumerated')).toEqual([]);
  });
});
