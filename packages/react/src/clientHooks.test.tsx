// @vitest-environment happy-dom
import { CallError, type VideoDeviceInfo } from '@parley/calling';
import { describe, expect, it } from 'vitest';
import { FakeStream, asMediaStream } from '../../calling/src/testing/fakeMediaStream.ts';
import { createTestClient } from '../../calling/src/testing/testClient.ts';
import { callId, ring } from '../test/support/fakeCall.ts';
import { listenersOf } from '../test/support/listenersOf.ts';
import { act, renderHook, settle, withClient } from '../test/support/page.tsx';
import { CallClientProvider } from './CallClientProvider.tsx';
import { useAudioPlayback } from './useAudioPlayback.ts';
import { useCalls } from './useCalls.ts';
import { useConnectionState } from './useConnectionState.ts';
import { useDevices } from './useDevices.ts';
import { useIncomingCall } from './useIncomingCall.ts';
import { useIncomingCalls } from './useIncomingCalls.ts';
import { useLevelMeter } from './useLevelMeter.ts';

/** A hook used by a component under a client on fakes. */
async function use<Value>(hook: () => Value) {
  const parts = await createTestClient();
  const listeners = listenersOf(parts.client);
  const ofDevices = listenersOf(parts.client.deviceManager);
  const rendered = renderHook(hook, { wrapper: withClient(parts.client), reactStrictMode: true });
  await settle();
  const leave = async (): Promise<void> => {
    rendered.unmount();
    await settle();
  };

  return { ...parts, ...rendered, listeners, ofDevices, leave };
}

describe('useCalls', () => {
  it('has the calls that have not ended', async () => {
    const { client, result, listeners, leave } = await use(useCalls);
    expect(result.current).toEqual([]);

    const call = client.join({ roomId: 'room-1' });
    await settle();
    expect(result.current).toEqual([call]);
    await act(() => call.hangUp());
    expect(result.current).toEqual([]);
    await leave();

    expect(listeners.count).toBe(0);
  });
});

describe('useIncomingCalls', () => {
  it('has who rings, until they give up', async () => {
    const { server, result, listeners, leave } = await use(useIncomingCalls);

    act(() => ring(server));
    act(() => ring(server, 'carol', 'call-2'));
    expect(result.current.map(({ callerInfo }) => callerInfo.displayName)).toEqual(['bob', 'carol']);
    act(() => server.notify('incomingCallEnded', { callId, reason: 'canceled' }));
    expect(result.current.map(({ id }) => id)).toEqual(['call-2']);
    await leave();

    expect(listeners.count).toBe(0);
  });

  it('lets one answer, which ends the ringing and gives a call', async () => {
    const { client, server, result } = await use(() => [useIncomingCall(), useCalls()] as const);
    act(() => ring(server));

    const accepting = act(async () => result.current[0]?.accept({ audioOptions: { muted: true } }));
    const call = await accepting;

    expect(call?.isMuted).toBe(true);
    expect(result.current).toEqual([undefined, [call]]);
    expect(client.calls).toEqual([call]);
  });

  it('rings on when it was to be answered with what the SDK does not take', async () => {
    const { server, result } = await use(useIncomingCalls);
    act(() => ring(server));

    const accepting = act(async () => result.current[0]?.accept({ encryption: 5 as never }));
    await expect(accepting).rejects.toThrow(TypeError);
    await settle();
    expect(result.current.map(({ id }) => id)).toEqual([callId]);

    act(() => server.notify('incomingCallEnded', { callId, reason: 'canceled' }));
    expect(result.current).toEqual([]);
  });

  it('lets one decline, which ends the ringing', async () => {
    const { server, result } = await use(useIncomingCall);
    act(() => ring(server));

    await act(async () => result.current?.reject());

    expect(server.asked('rejectCall')).toEqual([{ callId }]);
    expect(result.current).toBeUndefined();
  });

  it('tells a component that comes later of who rings already', async () => {
    const { server, result, rerender } = await use(useIncomingCalls);
    act(() => ring(server));
    const [first] = result.current;
    rerender();

    expect(result.current).toEqual([first]);
  });
});

describe('useConnectionState', () => {
  it('says why the latest try has failed, also while the state stays the same', async () => {
    const { server, result, listeners, leave } = await use(useConnectionState);
    expect(result.current).toEqual({ state: 'Connected', reason: undefined });

    server.refusal = new CallError('too_many_requests');
    act(() => server.drop());
    expect(result.current).toMatchObject({ state: 'Connecting', reason: { code: 'unavailable' } });
    await settle();

    expect(result.current).toMatchObject({ state: 'Connecting', reason: { code: 'too_many_requests' } });
    await leave();
    expect(listeners.count).toBe(0);
  });
});

describe('useAudioPlayback', () => {
  it('says that the browser refuses to play sound, until a click begins it', async () => {
    const { page, audioOutput, result, listeners, leave } = await use(useAudioPlayback);
    expect(result.current.isBlocked).toBe(false);
    page.refusesToPlay = true;
    await act(async () => void audioOutput.play(asMediaStream(new FakeStream([]))));
    await settle();
    expect(result.current.isBlocked).toBe(true);

    page.refusesToPlay = false;
    await act(() => result.current.start());
    expect(result.current.isBlocked).toBe(false);
    await leave();

    expect(listeners.count).toBe(0);
  });
});

describe('useDevices', () => {
  it('has the devices, and follows what is plugged in and what is chosen', async () => {
    const { client, devices, result, ofDevices, leave } = await use(useDevices);
    expect(result.current.cameras.map(({ id }) => id)).toEqual(['cam-1', 'cam-2']);
    expect(result.current.microphones.map(({ id }) => id)).toEqual(['mic-1']);
    expect(result.current.speakers.map(({ id }) => id)).toEqual(['speaker-1']);
    expect(result.current.camera).toBeUndefined();

    devices.plug('videoinput', 'cam-3');
    await settle();
    const [, , plugged] = result.current.cameras;
    expect(plugged?.id).toBe('cam-3');
    await act(async () => plugged && client.deviceManager.setCamera(plugged));
    expect(result.current.camera).toEqual(plugged);
    await leave();

    expect(ofDevices.count).toBe(0);
  });

  it('keeps the lists that a change of devices does not concern', async () => {
    const { devices, result } = await use(useDevices);
    const { cameras } = result.current;
    devices.plug('audioinput', 'mic-2');
    await settle();

    expect(result.current.microphones).toHaveLength(2);
    expect(result.current.cameras).toBe(cameras);
  });

  it('keeps a list that is told of again, as it is when a client has just been made', async () => {
    const { client } = await createTestClient();
    const told: (() => void)[] = [];
    Object.assign(client.deviceManager, {
      on: (_name: string, listener: () => void) => {
        told.push(listener);

        return () => {};
      },
    });
    const { result } = renderHook(useDevices, { wrapper: withClient(client) });
    await settle();
    const { cameras } = result.current;
    told.forEach((listener) => listener());
    await settle();

    expect(cameras).toHaveLength(2);
    expect(result.current.cameras).toBe(cameras);
  });

  it('has the list of the present client, also when that of the one before comes late', async () => {
    const [before, after] = [await createTestClient(), await createTestClient()];
    after.devices.plug('videoinput', 'cam-3');
    const { promise, resolve } = Promise.withResolvers<VideoDeviceInfo[]>();
    Object.assign(before.client.deviceManager, { getCameraList: () => promise });
    let { client } = before;
    const { result, rerender } = renderHook(useDevices, {
      wrapper: ({ children }) => <CallClientProvider client={client}>{children}</CallClientProvider>,
    });
    await settle();
    ({ client } = after);
    rerender();
    await settle();
    expect(result.current.cameras).toHaveLength(3);
    resolve([]);
    await settle();

    expect(result.current.cameras).toHaveLength(3);
  });
});

describe('useLevelMeter', () => {
  it('measures one microphone while the component is there', async () => {
    const { devices, result, leave } = await use(useLevelMeter);
    expect(devices.opened).toHaveLength(1);
    expect(result.current).toEqual({ level: 0, error: undefined });

    act(() => devices.meters.forEach((measure) => measure(1)));
    expect(result.current.level).toBe(100);
    await leave();

    expect(devices.liveTracks).toEqual([]);
  });

  it('changes over to another microphone, one at a time', async () => {
    const { devices, client, result, rerender } = await use(() =>
      useLevelMeter(useDevices().microphones.at(-1)),
    );
    devices.plug('audioinput', 'mic-2');
    await settle();
    rerender();
    await settle();

    expect(devices.liveTracks.map(({ label }) => label)).toEqual(['The mic-2']);
    expect(result.current.level).toBe(0);
    await act(() => client.dispose());
    expect(devices.liveTracks).toEqual([]);
  });

  it('goes on with a microphone that is the same by its id', async () => {
    const { devices, rerender } = await use(() =>
      useLevelMeter({ id: 'mic-1', name: '', deviceType: 'Microphone', isSystemDefault: false }),
    );
    rerender();
    await settle();

    expect(devices.opened).toHaveLength(1);
    expect(devices.liveTracks).toHaveLength(1);
  });

  it('says why a microphone cannot be measured', async () => {
    const { client, devices } = await createTestClient();
    devices.refusals.audio = 'NotAllowedError';
    const { result } = renderHook(() => useLevelMeter(), { wrapper: withClient(client) });
    await settle();

    expect(result.current).toMatchObject({ level: 0, error: { code: 'permission_denied' } });
  });
});
