import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backplane } from '../src/Backplane.ts';
import type { Revocation, RoomRecord } from '../src/admission.ts';

const room: RoomRecord = {
  applicationId: 'app1',
  roomId: 'room1',
  access: 'open',
  validFromMs: 0,
  validUntilMs: 1,
  maxParticipants: 10,
  roster: { alice: 'presenter' },
};

const revocation = (userId: string, revokedBeforeMs: number): Revocation => ({
  applicationId: 'app1',
  userId,
  revokedBeforeMs,
});

/** What every backplane does; an implementation's test calls it with its factory. */
export function describeBackplane(
  name: string,
  create: (onListenerError: (error: unknown) => void) => Promise<Backplane>,
): void {
  describe(`${name} backplane`, () => {
    let backplane: Backplane;
    let listenerErrors: unknown[];

    beforeEach(async () => {
      listenerErrors = [];
      backplane = await create((error) => listenerErrors.push(error));
    });
    afterEach(() => backplane.close());

    it('keeps applications, users and rooms apart by application', async () => {
      const { admission } = backplane;
      await admission.putApplication({ applicationId: 'app1', allowedOrigins: ['http://localhost:*'] });
      await admission.putUser({ applicationId: 'app1', userId: 'alice', displayName: 'Alice' });
      await admission.putRoom(room);

      expect(await admission.application('app1')).toMatchObject({ allowedOrigins: ['http://localhost:*'] });
      expect(await admission.user('app1', 'alice')).toMatchObject({ displayName: 'Alice' });
      expect(await admission.room('app1', 'room1')).toEqual(room);
      expect(await admission.application('app2')).toBeUndefined();
      expect(await admission.user('app2', 'alice')).toBeUndefined();
      expect(await admission.room('app2', 'room1')).toBeUndefined();
    });

    it('forgets a removed user and room', async () => {
      const { admission } = backplane;
      await admission.putUser({ applicationId: 'app1', userId: 'alice', displayName: 'Alice' });
      await admission.putRoom(room);

      await admission.removeUser('app1', 'alice');
      await admission.removeRoom('app1', 'room1');

      expect(await admission.user('app1', 'alice')).toBeUndefined();
      expect(await admission.room('app1', 'room1')).toBeUndefined();
    });

    it('replaces the signing keys as a whole', async () => {
      await backplane.admission.putSigningKeys([{ kid: 'old' }]);
      await backplane.admission.putSigningKeys([{ kid: 'new' }]);

      expect(await backplane.admission.signingKeys()).toEqual([{ kid: 'new' }]);
    });

    it('knows of no revocation until a complete list has arrived', async () => {
      const { admission } = backplane;
      await admission.putRevocation(revocation('alice', 5));
      expect(admission.revokedBefore('app1', 'alice')).toBeUndefined();

      await admission.putAllRevocations([revocation('bob', 7)]);

      expect(admission.revokedBefore('app1', 'alice')).toBe(5);
      expect(admission.revokedBefore('app1', 'bob')).toBe(7);
      expect(admission.revokedBefore('app1', 'carol')).toBe(0);
    });

    it('never moves a revocation back, and tells only of those that move it on', async () => {
      const { admission } = backplane;
      const told: number[] = [];
      const dispose = admission.onRevoked((arrived) => told.push(arrived.revokedBeforeMs));
      await admission.putAllRevocations([]);

      await admission.putRevocation(revocation('alice', 10));
      await admission.putRevocation(revocation('alice', 4));
      await admission.putAllRevocations([revocation('alice', 10)]);
      dispose();
      await admission.putRevocation(revocation('alice', 12));

      expect(told).toEqual([10]);
      expect(admission.revokedBefore('app1', 'alice')).toBe(12);
    });

    it('survives a listener that throws, and reports what it threw', async () => {
      const { admission } = backplane;
      const told: string[] = [];
      admission.onRevoked(() => {
        throw new Error('broken listener');
      });
      admission.onRevoked(({ userId }) => told.push(userId));

      await admission.putRevocation(revocation('alice', 10));

      expect(told).toEqual(['alice']);
      expect(listenerErrors).toEqual([new Error('broken listener')]);
    });

    it('lists the endpoints of one user of one application', async () => {
      const { presence } = backplane;
      const phone = { applicationId: 'app1', userId: 'alice', endpointId: 'phone', nodeId: 'node1' };
      const laptop = { ...phone, endpointId: 'laptop' };
      const neighbour = { ...phone, applicationId: 'app2', endpointId: 'other' };
      await Promise.all([phone, laptop, neighbour].map((endpoint) => presence.enter(endpoint)));

      await presence.leave(phone);

      expect(await presence.endpointsOf('app1', 'alice')).toEqual([laptop]);
      expect(await presence.endpointsOf('app1', 'bob')).toEqual([]);
    });
  });
}
