import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { callId, carolRings, number, presentersCall } from '../testing/presentersCall.ts';
import { nextTurn } from '../testing/testClient.ts';

describe('removeParticipant()', () => {
  it('puts out who is in the call, and rings no more who rings', async () => {
    const { call, server, updates } = await presentersCall();
    server.notify('participantJoined', carolRings);
    const [bob, carol] = call.remoteParticipants as [RemoteParticipant, RemoteParticipant];
    server.on('cancelRinging', () => {
      server.notify('participantLeft', { callId, participantId: 'carol-1', reason: 'canceled' });

      return {};
    });

    await call.removeParticipant(carol);
    await call.removeParticipant(bob);

    expect(carol).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'canceled' } });
    expect(updates).toEqual(['+carol', '-carol']);
    expect(server.asked('cancelRinging')).toEqual([{ callId, participantId: 'carol-1' }]);
    expect(server.asked('removeParticipant')).toEqual([{ callId, participantId: 'bob-1' }]);
  });

  it.each(['carol', number])(
    'rings %s no more as soon as the server has answered who that is',
    async (id) => {
      const { call, server, answer } = await presentersCall();

      const removed = call.removeParticipant(call.addParticipant(id));
      await nextTurn();
      expect(server.asked('cancelRinging')).toEqual([]);
      await answer();
      await removed;

      expect(server.asked('cancelRinging')).toEqual([{ callId, participantId: 'carol-1' }]);
    },
  );

  it('rings no more whom a listener does not want in the call', async () => {
    const { call, server, answer } = await presentersCall();
    call.on('remoteParticipantsUpdated', ({ added }) => {
      added.forEach((unwanted) => void call.removeParticipant(unwanted));
    });
    call.addParticipant('carol');
    await answer();

    expect(server.asked('cancelRinging')).toEqual([{ callId, participantId: 'carol-1' }]);
  });

  it('asks for nothing where somebody could not be rung, or has left', async () => {
    const { call, server, answer } = await presentersCall();
    const [bob] = call.remoteParticipants as [RemoteParticipant];
    const removed = call.removeParticipant(call.addParticipant('carol'));
    await answer(false);
    await removed;
    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });
    await call.removeParticipant(bob);

    expect([...server.asked('cancelRinging'), ...server.asked('removeParticipant')]).toEqual([]);
  });

  it('puts out who has answered while the ringing was being ended, and minds nobody who has left', async () => {
    const { call, server } = await presentersCall();
    server.notify('participantJoined', carolRings);
    const [bob, carol] = call.remoteParticipants as [RemoteParticipant, RemoteParticipant];
    server.on('cancelRinging', () => {
      throw new CallError('invalid_state');
    });
    await call.removeParticipant(carol);
    expect(server.asked('removeParticipant')).toEqual([{ callId, participantId: 'carol-1' }]);

    server.on('removeParticipant', () => {
      throw new CallError('not_found');
    });
    await expect(call.removeParticipant(bob)).resolves.toBeUndefined();
  });

  it('rejects with forbidden when the server does', async () => {
    const { call, server } = await connectedCall();
    server.on('removeParticipant', () => {
      throw new CallError('forbidden');
    });

    await expect(
      call.removeParticipant(call.remoteParticipants[0] as RemoteParticipant),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
