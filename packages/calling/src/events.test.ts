import { describe, expect, it } from 'vitest';
import { connectedCall } from './testing/connectedCall.ts';

describe('a name that this version does not know', () => {
  it('of an event is an error to the compiler and left aside at run time: a later version may have it', async () => {
    const { client, call } = await connectedCall();
    const told: unknown[] = [];
    // @ts-expect-error -- there is no such event
    const unsubscribe = call.on('stateChange', () => told.push('on'));
    // @ts-expect-error -- there is no such event
    client.once('incommingCall', () => told.push('once'));
    // @ts-expect-error -- there is no such event
    call.remoteParticipants[0]?.off('videoStreamsUpdate', () => told.push('off'));
    // @ts-expect-error -- it carries nothing
    call.once('stateChanged', (state: string) => told.push(state));
    await call.hold();

    expect(told).toEqual([undefined]);
    expect(unsubscribe).not.toThrow();
  });

  it('of an option is an error to the compiler and left aside at run time', async () => {
    const { client, server, call } = await connectedCall();
    // @ts-expect-error -- there is no such option
    const other = client.join({ roomId: 'room-2' }, { audioOptions: { muted: true }, kickSibling: true });
    // @ts-expect-error -- there is no such option
    const third = client.call(['bob'], { audioOption: { muted: true } });
    await server.whenAsked('startCall');

    expect([call, other, third].map(({ isMuted }) => isMuted)).toEqual([false, true, false]);
    expect(server.asked('joinRoom').map(({ kickSiblings }) => kickSiblings)).toEqual([undefined, undefined]);
  });
});

describe('a listener', () => {
  it('that is none is a TypeError which names the event', async () => {
    const { call } = await connectedCall();

    for (const wrong of [undefined, null, 'listener', {}]) {
      expect(() => call.on('stateChanged', wrong as never)).toThrow(
        expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('stateChanged') }),
      );
    }
  });
});
