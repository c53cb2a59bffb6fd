import { describe, expect, it } from 'vitest';
import type { RoomChange } from '../src/admission.ts';
import type { CreateBackplane } from './contract.ts';
import { application, room, user } from './records.ts';
import { withBackplane } from './withBackplane.ts';

export function describeAdmission(create: CreateBackplane): void {
  describe('admission', () => {
    const test = withBackplane(create);

    it('keeps applications, users, numbers and rooms apart by application', async () => {
      const { admission } = test.backplane;
      const alice = user('alice', { phoneNumbers: ['+15550001'] });
      await admission.putApplication(application('app1'));
      await admission.putUser(alice);
      await admission.putRoom(room('room1'));

      expect(await admission.application('app1')).toEqual(application('app1'));
      expect(await admission.user('app1', 'alice')).toEqual(alice);
      expect(await admission.userOfNumber('app1', '+15550001')).toEqual(alice);
      expect(await admission.room('app1', 'room1')).toEqual(room('room1'));
      expect(await admission.application('app2')).toBeUndefined();
      expect(await admission.user('app2', 'alice')).toBeUndefined();
      expect(await admission.userOfNumber('app2', '+15550001')).toBeUndefined();
      expect(await admission.room('app2', 'room1')).toBeUndefined();
    });

    it('forgets a removed user, with their numbers, and a removed room', async () => {
      const { admission } = test.backplane;
      await admission.putUser(user('alice', { phoneNumbers: ['+15550001'] }));
      await admission.putRoom(room('room1'));

      await admission.removeUser('app1', 'alice');
      await admission.removeRoom('app1', 'room1');

      expect(await admission.user('app1', 'alice')).toBeUndefined();
      expect(await admission.userOfNumber('app1', '+15550001')).toBeUndefined();
      expect(await admission.room('app1', 'room1')).toBeUndefined();
    });

    it('removes an application with its users, numbers and rooms, and nothing of a neighbour', async () => {
      const { admission } = test.backplane;
      for (const applicationId of ['app1', 'app2']) {
        await admission.putApplication(application(applicationId));
        await admission.putUser(user('alice', { applicationId, phoneNumbers: ['+15550001'] }));
        await admission.putRoom(room('room1', { applicationId }));
      }

      await admission.removeApplication('app1');

      const known = async (applicationId: string) =>
        (
          await Promise.all([
            admission.application(applicationId),
            admission.user(applicationId, 'alice'),
            admission.userOfNumber(applicationId, '+15550001'),
            admission.room(applicationId, 'room1'),
          ])
        ).map((record) => record !== undefined);
      expect(await known('app1')).toEqual([false, false, false, false]);
      expect(await known('app2')).toEqual([true, true, true, true]);
    });

    it('lists all that it knows, also of an application that is not known itself', async () => {
      const { admission } = test.backplane;
      expect(await admission.applicationIds()).toEqual([]);
      expect(await admission.userIds('app1')).toEqual([]);
      expect(await admission.roomIds('app1')).toEqual([]);
      await admission.putApplication(application('app1'));
      await admission.putUser(user('alice', { phoneNumbers: ['+15550001'] }));
      await admission.putUser(user('bob'));
      await admission.putRoom(room('room1'));
      await admission.putRoom(room('room2'));
      await admission.putUser(user('carol', { applicationId: 'app2' }));
      await admission.putRoom(room('room3', { applicationId: 'app3' }));

      await admission.removeUser('app1', 'alice');
      await admission.removeRoom('app1', 'room1');

      const sorted = async (ids: Promise<readonly string[]>) => (await ids).toSorted();
      expect(await sorted(admission.applicationIds())).toEqual(['app1', 'app2', 'app3']);
      expect(await sorted(admission.userIds('app1'))).toEqual(['bob']);
      expect(await sorted(admission.roomIds('app1'))).toEqual(['room2']);
      expect(await sorted(admission.userIds('app2'))).toEqual(['carol']);

      await admission.removeApplication('app1');

      expect(await sorted(admission.applicationIds())).toEqual(['app2', 'app3']);
      expect(await admission.userIds('app1')).toEqual([]);
      expect(await admission.roomIds('app1')).toEqual([]);
    });

    it('rings by a number whoever has it now', async () => {
      const { admission } = test.backplane;
      const ringing = async () => (await admission.userOfNumber('app1', '+15550001'))?.userId;
      await admission.putUser(user('alice', { phoneNumbers: ['+15550001', '+15550002'] }));
      expect(await ringing()).toBe('alice');

      await admission.putUser(user('bob', { phoneNumbers: ['+15550001'] }));
      expect(await ringing()).toBe('bob');
      // What Alice has left is published last: it must not take the number away from Bob.
      await admission.putUser(user('alice', { phoneNumbers: ['+15550002'] }));
      expect(await ringing()).toBe('bob');
      expect((await admission.userOfNumber('app1', '+15550002'))?.userId).toBe('alice');

      await admission.putUser(user('bob'));
      expect(await ringing()).toBeUndefined();
    });

    it('tells of rooms that are put, changed and removed, also with their application', async () => {
      const { admission } = test.backplane;
      const told: RoomChange[] = [];
      const dispose = admission.onRoomChanged((change) => told.push(change));
      const [first, second] = [room('room1'), room('room2')];
      const locked = room('room1', { access: 'invite' });

      await admission.putRoom(first);
      await admission.putRoom(locked);
      await admission.putRoom(second);
      await admission.removeRoom('app1', 'room1');
      await admission.removeApplication('app1');
      dispose();
      await admission.putRoom(first);

      const change = { applicationId: 'app1', roomId: 'room1' };
      expect(told).toEqual([
        { ...change, room: first },
        { ...change, room: locked },
        { applicationId: 'app1', roomId: 'room2', room: second },
        { ...change, room: undefined },
        { applicationId: 'app1', roomId: 'room2', room: undefined },
      ]);
    });

    it('survives a listener that throws, and reports what it threw', async () => {
      const { admission } = test.backplane;
      const told: string[] = [];
      admission.onRoomChanged(() => {
        throw new Error('broken listener');
      });
      admission.onRoomChanged(({ roomId }) => told.push(roomId));

      await admission.putRoom(room('room1'));

      expect(told).toEqual(['room1']);
      expect(test.errors).toEqual([new Error('broken listener')]);
    });

    it('replaces the signing keys as a whole', async () => {
      await test.backplane.admission.putSigningKeys([{ kid: 'old' }]);
      await test.backplane.admission.putSigningKeys([{ kid: 'new' }]);

      expect(await test.backplane.admission.signingKeys()).toEqual([{ kid: 'new' }]);
    });
  });
}
