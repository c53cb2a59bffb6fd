import type { RemoteParticipant } from '@parley/calling';
import { describe, expect, it, vi } from 'vitest';
import { fakeCall, fakeParticipant, fakeStream } from '../testing/fakes.ts';
import { readCall, watchCall } from './callView.ts';

const callWith = (...remoteParticipants: RemoteParticipant[]) =>
  fakeCall({ state: 'Connected', isMuted: false, isMicrophoneAvailable: true, remoteParticipants });

describe('readCall', () => {
  it('shows a camera only while it sends', () => {
    const bob = fakeParticipant({ videoStreams: [fakeStream('off', false), fakeStream('on', true)] });
    const carol = fakeParticipant({ endpointId: 'p2', videoStreams: [fakeStream('off', false)] });
    const { people } = readCall(callWith(bob, carol), 'Alice');
    expect(people).toMatchObject([{ stream: { id: 'on' } }, { stream: undefined }]);
  });

  it('makes a tile of every shared screen beside the tiles of the people', () => {
    const bob = fakeParticipant({ screenSharingStreams: [fakeStream('screen', true)] });
    const { people, screens } = readCall(callWith(bob), 'Alice');
    expect(people).toHaveLength(1);
    expect(screens).toMatchObject([{ kind: 'screen', name: 'Bob' }]);
  });

  it('marks who rings, who is coming back and guests, and leaves out who has left', () => {
    const { people } = readCall(
      callWith(
        fakeParticipant({ state: 'Ringing' }),
        fakeParticipant({ endpointId: 'p2', identity: { id: 'g', type: 'guest' } }),
        fakeParticipant({ endpointId: 'p3', state: 'Reconnecting' }),
        fakeParticipant({ endpointId: 'p4', state: 'Disconnected' }),
      ),
      'Alice',
    );
    expect(people).toMatchObject([
      { absence: 'ringing', isGuest: false },
      { absence: undefined, isGuest: true },
      { absence: 'reconnecting', isGuest: false },
    ]);
  });

  it('shows oneself as muted without a microphone', () => {
    const call = callWith();
    Object.assign(call, { isMicrophoneAvailable: false });
    expect(readCall(call, 'Alice').self).toMatchObject({ name: 'Alice', isMuted: true });
  });
});

describe('watchCall', () => {
  it('hears of participants and streams that came later', () => {
    const call = callWith();
    const onChange = vi.fn<() => void>();
    watchCall(call, onChange);
    const camera = fakeStream('camera', false);
    const bob = fakeParticipant({ videoStreams: [camera] });
    Object.assign(call, { remoteParticipants: [bob] });
    call.emit('remoteParticipantsUpdated', { added: [bob], removed: [] });
    bob.emit('isMutedChanged');
    camera.emit('isAvailableChanged');
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it('leaves no listener behind', () => {
    const camera = fakeStream('camera', true);
    const bob = fakeParticipant({ videoStreams: [camera] });
    const call = callWith(bob);
    const dispose = watchCall(call, () => {});
    bob.emit('videoStreamsUpdated');
    dispose();
    expect([call.listenerCount, bob.listenerCount, camera.listenerCount]).toEqual([0, 0, 0]);
  });
});
