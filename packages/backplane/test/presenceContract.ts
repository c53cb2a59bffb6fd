import { describe, expect, it } from 'vitest';
import type { CreateBackplane } from './contract.ts';
import { withBackplane } from './withBackplane.ts';

const phone = { applicationId: 'app1', userId: 'alice', endpointId: 'phone', nodeId: 'node1' };
const laptop = { ...phone, endpointId: 'laptop' };
const neighbour = { ...phone, applicationId: 'app2', endpointId: 'other' };

export function describePresence(create: CreateBackplane): void {
  describe('presence', () => {
    const test = withBackplane(create);

    it('lists the endpoints of one user of one application', async () => {
      const { presence } = test.backplane;
      await Promise.all([phone, laptop, neighbour].map((endpoint) => presence.enter(endpoint)));
      const found = await presence.endpointsOf('app1', 'alice');
      expect(found.toSorted((a, b) => a.endpointId.localeCompare(b.endpointId))).toEqual([laptop, phone]);

      await presence.leave(phone);

      expect(await presence.endpointsOf('app1', 'alice')).toEqual([laptop]);
      expect(await presence.endpointsOf('app1', 'bob')).toEqual([]);
    });

    it('knows who of some users has a device connected, until the last one is gone', async () => {
      const { presence } = test.backplane;
      const connected = () => presence.connectedAmong('app1', ['alice', 'bob']);
      await Promise.all([phone, laptop, neighbour].map((endpoint) => presence.enter(endpoint)));

      await presence.leave(phone);
      expect(await connected()).toEqual(new Set(['alice']));
      await presence.leave(laptop);
      expect(await connected()).toEqual(new Set());
      expect(await presence.connectedAmong('app2', ['alice'])).toEqual(new Set(['alice']));
    });
  });
}
