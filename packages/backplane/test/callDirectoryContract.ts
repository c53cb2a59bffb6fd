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
  });
}
