import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallModel } from '../../test/support/CallModel.ts';
import { mutual, single, waits } from '../../test/support/callSteps.ts';
import { callees, caller, ModelledCall } from '../../test/support/ModelledCall.ts';

it('is in every order of events what the model says, and leaves nothing behind', async () => {
  const plan = fc.commands([single, single, single, mutual, mutual, waits], { maxCommands: 60, size: '+1' });
  await fc.assert(
    fc.asyncProperty(plan, async (commands) => {
      const real = await ModelledCall.start();
      const model = new CallModel(caller, callees, 2);
      await fc.asyncModelRun(() => ({ model, real }), commands);

      for (const { devices } of real.clients.values()) {
        devices.filter(({ isConnected }) => isConnected).forEach((device) => real.world.drop(device));
      }
      real.world.clock.advance(600_000);
      expect([real.world.media.open, real.world.clock.pending]).toEqual([0, 0]);
      const events = await real.world.events();
      expect(events.filter(({ name }) => name === 'callEnded')).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
}, 120_000);
