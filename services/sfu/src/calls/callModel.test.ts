import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallModel } from '../../test/support/CallModel.ts';
import { mutual, single, waits } from '../../test/support/callSteps.ts';
import { caller, ModelledCall, others } from '../../test/support/ModelledCall.ts';

it.each([
  ['a direct call, whoever is added', 1],
  ['a group call', others.length],
])(
  '%s is in every order of events what the model says, and leaves nothing behind',
  async (_kind, count) => {
    const callees = others.slice(0, count);
    const plan = fc.commands([single, single, single, mutual, mutual, waits], {
      maxCommands: 60,
      size: '+1',
    });
    await fc.assert(
      fc.asyncProperty(plan, async (commands) => {
        const real = await ModelledCall.start(callees);
        const model = new CallModel({ caller, callees, others: others.slice(count), devices: 2 });
        await fc.asyncModelRun(() => ({ model, real }), commands);

        for (const [userId, { devices }] of real.clients) {
          for (const device of devices.filter(({ isConnected }) => isConnected)) {
            real.world.drop(device);
            model.drop(userId);
          }
        }
        real.world.clock.advance(600_000);
        model.advance(600_000);
        expect([real.world.media.open, real.world.clock.pending]).toEqual([0, 0]);
        const ends = (await real.world.events()).filter(({ name }) => name === 'callEnded');
        expect(ends).toMatchObject([{ reason: model.reason }]);
      }),
      { numRuns: 200 },
    );
  },
  120_000,
);
