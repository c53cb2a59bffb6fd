import { describe, expect, it } from 'vitest';
import type { CreateBackplane } from './contract.ts';
import { withBackplane } from './withBackplane.ts';

const node1 = { nodeId: 'node1', url: 'https://one.test' };
const node2 = { nodeId: 'node2', url: 'https://two.test' };

export function describeNodes(create: CreateBackplane): void {
  describe('the nodes', () => {
    const test = withBackplane(create);

    it('are those that were announced and not taken back', async () => {
      const { nodes } = test.backplane;
      expect(await nodes.list()).toEqual([]);
      const withdraw = await nodes.announce(node1);
      await nodes.announce(node2);
      expect((await nodes.list()).toSorted((a, b) => a.nodeId.localeCompare(b.nodeId))).toEqual([
        node1,
        node2,
      ]);
      expect(await nodes.find('node1')).toEqual(node1);

      withdraw();

      expect(await nodes.list()).toEqual([node2]);
      expect(await nodes.find('node1')).toBeUndefined();
    });

    it('live on under their ids when what is taken back is an earlier start', async () => {
      const { nodes } = test.backplane;
      const withdraw = await nodes.announce(node1);
      const moved = { ...node1, url: 'https://elsewhere.test' };
      await nodes.announce(moved);

      withdraw();

      expect(await nodes.list()).toEqual([moved]);
    });
  });
}
