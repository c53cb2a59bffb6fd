import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { FakeServer } from '../testing/FakeServer.ts';
import { nextTurn } from '../testing/testClient.ts';

const microphone = (id: string) => ({
  id,
  name: `The ${id}`,
  deviceType: 'Microphone' as const,
  isSystemDefault: false,
});
const music = () => asTrack(new FakeTrack('audio', 'music'));

describe('what is sent as the microphone', () => {
  it('is what was chosen last, also while the microphone chosen before is still being opened', async () => {
    const { call, devices, media } = await connectedCall();
    await call.setAudioSource(music());
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const last = music();

    const first = call.setAudioSource(undefined);
    await nextTurn();
    await call.setAudioSource(last);
    question.resolve();
    await first;

    expect(media.session.sentFrom('microphone')?.track).toBe(last);
    expect(devices.liveTracks).toEqual([]);
  });

  it('is the device chosen last, which is the one remembered, however long each takes to open', async () => {
    const { client, devices, media } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    devices.plug('audioinput', 'mic-3');
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;

    const first = client.deviceManager.setMicrophone(microphone('mic-2'));
    await nextTurn();
    devices.question = undefined;
    await client.deviceManager.setMicrophone(microphone('mic-3'));
    question.resolve();
    await first;

    expect(devices.liveTracks).toMatchObject([{ label: 'The mic-3' }]);
    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);
    expect(client.deviceManager.getMicrophone()).toMatchObject({ id: 'mic-3' });
  });

  it('opens no device while it is muted, where none is kept open, and the unmute opens what was chosen', async () => {
    const { call, devices, media } = await connectedCall(new FakeServer(), { keepMutedMicrophone: false });
    await call.setAudioSource(music());
    await call.mute();
    const opened = devices.tracks.length;

    await call.setAudioSource(undefined);
    expect(devices.tracks).toHaveLength(opened);
    await call.unmute();

    expect(devices.liveTracks).toHaveLength(1);
    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);
  });

  it('opens no device for a call that is being hung up', async () => {
    const { call, client, server, devices } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    const left = Promise.withResolvers<void>();
    server.on('leaveCall', async () => {
      await left.promise;

      return {};
    });
    const hungUp = call.hangUp();
    const opened = devices.tracks.length;

    await client.deviceManager.setMicrophone(microphone('mic-2'));
    left.resolve();
    await hungUp;

    expect(devices.tracks).toHaveLength(opened);
  });

  it('is told as muted again, when the server has not taken the mute before', async () => {
    const { call, server, media } = await connectedCall();
    const refusals = [new CallError('too_many_requests')];
    server.on('pauseProducer', () => {
      const refusal = refusals.pop();
      if (refusal !== undefined) {
        throw refusal;
      }

      return {};
    });
    await expect(call.mute()).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');

    await call.mute();
    await call.mute();

    expect(server.asked('pauseProducer')).toHaveLength(2);
  });
});
