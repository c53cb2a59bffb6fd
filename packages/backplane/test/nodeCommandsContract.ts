import { ProtocolError } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { NodeCommand } from '../src/nodeCommands.ts';
import type { CreateBackplane } from './contract.ts';
import { withBackplane } from './withBackplane.ts';

const endCall: NodeCommand = { name: 'endCall', applicationId: 'app1', callId: 'call1' };

export function describeNodeCommands(create: CreateBackplane): void {
  describe('node commands', () => {
    const test = withBackplane(create);

    it('reach the node they are sent to and no other', async () => {
      const { nodeCommands } = test.backplane;
      const [one, two]: NodeCommand[][] = [[], []];
      nodeCommands.handle('node1', async (command) => void one?.push(command));
      nodeCommands.handle('node2', async (command) => void two?.push(command));

      await nodeCommands.send('node2', endCall);

      expect([one, two]).toEqual([[], [endCall]]);
    });

    it('are answered with the coded error of the handler', async () => {
      const { nodeCommands } = test.backplane;
      nodeCommands.handle('node1', async () => {
        throw new ProtocolError('call_not_found', 'It has just ended.');
      });

      await expect(nodeCommands.send('node1', endCall)).rejects.toMatchObject({
        code: 'call_not_found',
        message: 'It has just ended.',
      });
    });

    it('are unavailable where no node listens, or none any more', async () => {
      const { nodeCommands } = test.backplane;
      await expect(nodeCommands.send('node1', endCall)).rejects.toMatchObject({ code: 'unavailable' });

      const dispose = nodeCommands.handle('node1', async () => {});
      await nodeCommands.send('node1', endCall);
      dispose();
      await expect(nodeCommands.send('node1', endCall)).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('have one handler a node, also after that of an earlier start is disposed of again', async () => {
      const { nodeCommands } = test.backplane;
      const dispose = nodeCommands.handle('node1', async () => {});
      expect(() => nodeCommands.handle('node1', async () => {})).toThrow('a handler already');

      dispose();
      nodeCommands.handle('node1', async () => {});
      dispose();
      await expect(nodeCommands.send('node1', endCall)).resolves.toBeUndefined();
    });
  });
}
