import { describe, expect, it } from 'vitest';
import type { CreateBackplane } from './contract.ts';
import { liveCall } from './records.ts';
import { withBackplane } from './withBackplane.ts';

export function describeCallDirectory(create: CreateBackplane): void {
  describe('the call directory', () => {
    const test = withBackplane(create);

    it('finds a call by its application and id, as it was put last, until it is removed', async () => {
      const { callDirectory } = test.backplane;
      const call = liveCall('call1', { roomId: 'room1', userIds: ['alice'] });
      const later = { ...call, userIds: ['alice', 'bob'] };
      await callDirectory.put(call);
      await callDirectory.put(later);

      expect(await callDirectory.find('app1', 'call1')).toEqual(later);
      expect(await callDirectory.find('app2', 'call1')).toBeUndefined();
      expect(await callDirectory.find('app1', 'call2')).toBeUndefined();

      await callDirectory.remove({ applicationId: 'app2', callId: 'call1' });
      expect(await callDirectory.find('app1', 'call1')).toEqual(later);
      await callDirectory.remove({ applicationId: 'app1', callId: 'call1' });
      expect(await callDirectory.find('app1', 'call1')).toBeUndefined();
    });

    it('knows who of some users is connected in a call, whichever call that is', async () => {
      const { callDirectory } = test.backplane;
      const busy = async () => [...(await callDirectory.busyAmong('app1', ['alice', 'bob', 'carol']))];
      await callDirectory.put(liveCall('call1', { userIds: ['alice', 'alice', 'bob'] }));
      await callDirectory.put(liveCall('call2', { userIds: ['bob'] }));
      await callDirectory.put(liveCall('call3', { applicationId: 'app2', userIds: ['carol'] }));
      expect(await busy()).toEqual(['alice', 'bob']);

      await callDirectory.put(liveCall('call1', { userIds: ['alice'] }));
      expect(await busy()).toEqual(['alice', 'bob']);
      await callDirectory.remove(liveCall('call2'));
      expect(await busy()).toEqual(['alice']);
      await callDirectory.remove(liveCall('call1'));
      expect(await busy()).toEqual([]);
    });

    describe('of the homes of rooms', () => {
      const room1 = { applicationId: 'app1', roomId: 'room1' };
      const node1 = { nodeId: 'node1', url: 'https://one.test' };
      const node2 = { nodeId: 'node2', url: 'https://two.test' };

      it('gives a room one home, of many that would be it at once', async () => {
        const { callDirectory, nodes } = test.backplane;
        const all = Array.from({ length: 10 }, (_, index) => ({ nodeId: `node${index}`, url: `u${index}` }));
        await Promise.all(all.map((node) => nodes.announce(node)));

        const homes = await Promise.all(all.map((node) => callDirectory.claimRoom(room1, node)));

        expect(new Set(homes.map(({ nodeId }) => nodeId)).size).toBe(1);
        expect(all).toContainEqual({ nodeId: homes[0]?.nodeId, url: homes[0]?.url });
        expect(new Set(homes.map(({ epoch }) => epoch)).size).toBe(1);
      });

      it('keeps rooms apart, also those of one name in two applications', async () => {
        const { callDirectory, nodes } = test.backplane;
        await Promise.all([nodes.announce(node1), nodes.announce(node2)]);
        await callDirectory.claimRoom(room1, node1);

        const homes = await Promise.all([
          callDirectory.claimRoom({ ...room1, roomId: 'room2' }, node2),
          callDirectory.claimRoom({ ...room1, applicationId: 'app2' }, node2),
        ]);

        expect(homes).toMatchObject([node2, node2]);
      });

      it('leaves it where it is until it is given up, and then goes on with a greater epoch', async () => {
        const { callDirectory, nodes } = test.backplane;
        await Promise.all([nodes.announce(node1), nodes.announce(node2)]);
        const first = await callDirectory.claimRoom(room1, node1);
        expect(await callDirectory.claimRoom(room1, node2)).toEqual(first);
        expect(await callDirectory.claimRoom(room1, node1)).toEqual(first);

        await callDirectory.releaseRoom(room1, first.epoch);
        const second = await callDirectory.claimRoom(room1, node2);
        expect(second).toMatchObject(node2);
        expect(second.epoch).toBeGreaterThan(first.epoch);

        await callDirectory.releaseRoom(room1, first.epoch);
        expect(await callDirectory.claimRoom(room1, node1)).toEqual(second);
      });

      it('gives the room of a node that is gone to the next, and refuses what that put under its claim', async () => {
        const { callDirectory, nodes } = test.backplane;
        const withdraw = await nodes.announce(node1);
        await nodes.announce(node2);
        const superseded: unknown[] = [];
        callDirectory.onSuperseded((call) => superseded.push(call));
        const { epoch } = await callDirectory.claimRoom(room1, node1);
        const old = liveCall('call1', { roomId: 'room1', roomEpoch: epoch, userIds: ['alice'] });
        await callDirectory.put(old);
        withdraw();

        const home = await callDirectory.claimRoom(room1, node2);
        expect(home).toMatchObject(node2);
        await callDirectory.put({ ...old, userIds: ['alice', 'bob'] });

        expect(superseded).toEqual([{ applicationId: 'app1', callId: 'call1' }]);
        expect(await callDirectory.find('app1', 'call1')).toBeUndefined();
        expect(await callDirectory.busyAmong('app1', ['alice', 'bob'])).toEqual(new Set());
        const next = { ...old, callId: 'call2', nodeId: 'node2', roomEpoch: home.epoch };
        await callDirectory.put(next);
        expect(await callDirectory.find('app1', 'call2')).toEqual(next);
      });
    });
  });
}
