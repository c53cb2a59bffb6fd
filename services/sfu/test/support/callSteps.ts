// oxlint-disable vitest/no-standalone-expect -- The steps are run inside of a test.
import type { Joined } from '@parley/protocol';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { CallModel } from './CallModel.ts';
import { codeOf, joinedBy } from './callWorld.ts';
import { offer } from './FakeMedia.ts';
import { caller, compare, users, type ModelledCall } from './ModelledCall.ts';

type Step = fc.AsyncCommand<CallModel, ModelledCall>;

/** Time goes on a little with every step, so that no two timers are due in the same millisecond. */
function step(
  name: string,
  may: (model: CallModel) => boolean,
  run: (model: CallModel, real: ModelledCall) => Promise<void>,
): Step {
  return {
    // The model is only looked at here.
    check: (model) => may(model as CallModel),
    toString: () => name,
    async run(model, real) {
      model.advance(7);
      real.world.clock.advance(7);
      if (may(model)) {
        await run(model, real);
      }
      compare(model, real);
    },
  };
}

/** What one person does, or what happens to them. */
export const single = fc.constantFrom(...users).chain((userId) =>
  fc.constantFrom<Step>(
    step(
      `${userId} accepts`,
      (model) => model.of(userId).devices > 0,
      async (model, real) => {
        const device = real.free(userId);
        const isRinging = model.is(userId, 'ringing');
        const outcome = real.world.calls.acceptCall(device, real.callId, offer);
        expect((await codeOf(outcome)) === undefined).toBe(isRinging);
        if (isRinging) {
          real.of(userId).settled.add(device);
          real.of(userId).entered(device, await outcome);
          model.enter(userId);
        }
      },
    ),
    step(
      `both devices of ${userId} accept at once, and one wins`,
      (model) => model.is(userId, 'ringing') && model.of(userId).devices > 1,
      async (model, real) => {
        const [one, other] = real.of(userId).devices.filter(({ isConnected }) => isConnected);
        const outcomes = await Promise.allSettled(
          [one, other].map((device) =>
            real.world.calls.acceptCall(device ?? real.free(userId), real.callId, offer),
          ),
        );
        const won = outcomes.filter(({ status }) => status === 'fulfilled');
        expect(won).toHaveLength(1);
        const winner = outcomes[0]?.status === 'fulfilled' ? one : other;
        real.of(userId).settled.add(winner ?? real.free(userId));
        real
          .of(userId)
          .entered(winner ?? real.free(userId), (won[0] as PromiseFulfilledResult<Joined>).value);
        model.enter(userId);
      },
    ),
    step(
      `${userId} declines`,
      (model) => model.is(userId, 'ringing') && model.of(userId).devices > 0,
      async (model, real) => {
        const device = real.free(userId);
        await real.world.calls.rejectCall(device, real.callId);
        real.of(userId).settled.add(device);
        model.leave(userId, 'declined');
      },
    ),
    step(
      `${userId} leaves`,
      (model) => model.is(userId, 'connected'),
      async (model, real) => {
        real.world.calls.leaveCall(real.in(userId), real.callId);
        model.leave(userId, 'hangup');
      },
    ),
    step(
      `${userId} ends the call`,
      (model) => model.is(userId, 'connected'),
      async (model, real) => {
        const outcome = codeOf(real.world.ask(real.in(userId), 'endCall', { callId: real.callId }));
        expect(await outcome).toBe(userId === caller ? undefined : 'forbidden');
        if (userId === caller) {
          model.end('ended_for_everyone');
        }
      },
    ),
    step(
      `${userId} holds or goes on`,
      (model) => model.is(userId, 'connected'),
      async (model, real) => {
        const person = model.of(userId);
        person.isOnHold = !person.isOnHold;
        const name = person.isOnHold ? 'holdCall' : 'unholdCall';
        await real.world.ask(real.in(userId), name, { callId: real.callId });
      },
    ),
    step(
      `${userId} loses a connection`,
      (model) => model.of(userId).devices > 0,
      async (model, real) => {
        const client = real.of(userId);
        const device = model.is(userId, 'connected') ? real.in(userId) : real.free(userId);
        real.world.drop(device);
        client.device = client.device === device ? undefined : client.device;
        model.drop(userId);
      },
    ),
    step(
      `${userId} connects`,
      (model) => model.of(userId).devices < 2,
      async (model, real) => {
        await real.connect(userId);
        model.connect(userId);
      },
    ),
    step(
      `${userId} resumes`,
      () => true,
      async (model, real) => {
        const client = real.of(userId);
        const { resumeToken = 'none, since they were never in' } = client;
        const device = await real.connect(userId);
        model.connect(userId);
        const isKept = model.is(userId, 'connected') || model.is(userId, 'reconnecting');
        const answer = await real.world.ask(device, 'resume', {
          callId: real.callId,
          resumeToken,
          sequence: 0,
        });
        expect(answer.action).toBe(isKept ? 'resume' : 'stop');
        if (answer.action === 'resume') {
          client.device = device;
          client.resumeToken = answer.resumeToken;
          model.enter(userId);
        } else if (answer.action === 'stop') {
          const { ended } = model.of(userId);
          const isRemembered = ended !== undefined && model.nowMs - ended.atMs < 290_000;
          expect(answer.reason).toBe(isRemembered ? ended.reason : answer.reason);
        }
      },
    ),
    step(
      `${userId} joins`,
      (model) =>
        model.of(userId).devices > 0 && !model.is(userId, 'connected') && !model.is(userId, 'reconnecting'),
      async (model, real) => {
        const device = real.free(userId);
        const wasRinging = model.is(userId, 'ringing');
        const outcome = real.world.ask(device, 'joinCall', { callId: real.callId, media: offer });
        const mayJoin = model.mayJoin(userId);
        expect((await codeOf(outcome)) === undefined).toBe(mayJoin);
        if (mayJoin) {
          if (wasRinging) {
            real.of(userId).settled.add(device);
          }
          real.of(userId).entered(device, joinedBy(await outcome));
          model.enter(userId);
        }
      },
    ),
  ),
);

const pair = fc
  .tuple(fc.constantFrom(caller, ...users), fc.constantFrom(...users))
  .filter(([userId, other]) => userId !== other);

/** What one person does to another; mostly it is Alice, who may. */
export const mutual = pair.chain(([userId, other]) =>
  fc.constantFrom<Step>(
    step(
      `${userId} removes ${other}`,
      (model) => model.is(userId, 'connected') && !model.is(other, 'out'),
      async (model, real) => {
        const participantId = real.idOf(userId, other);
        const request = { callId: real.callId, participantId };
        const code = await codeOf(real.world.ask(real.in(userId), 'removeParticipant', request));
        expect(code).toBe(userId === caller ? undefined : 'forbidden');
        if (userId === caller) {
          model.remove(other);
        }
      },
    ),
    step(
      `${userId} rings ${other} no more`,
      (model) => model.is(userId, 'connected') && !model.is(other, 'out'),
      async (model, real) => {
        const isRinging = model.is(other, 'ringing');
        const request = { callId: real.callId, participantId: real.idOf(userId, other) };
        const code = await codeOf(real.world.ask(real.in(userId), 'cancelRinging', request));
        expect(code).toBe(isRinging ? undefined : 'invalid_state');
        if (isRinging) {
          model.leave(other, 'canceled');
        }
      },
    ),
    step(
      `${userId} adds ${other}`,
      (model) => model.is(userId, 'connected'),
      async (model, real) => {
        const isOut = model.is(other, 'out');
        const request = { callId: real.callId, callees: [other] };
        const code = await codeOf(real.world.ask(real.in(userId), 'addParticipants', request));
        expect(code).toBe(isOut && model.of(other).devices === 0 ? 'callee_offline' : undefined);
        if (isOut && model.of(other).devices > 0) {
          real.of(other).settled.clear();
          model.add(other);
        }
      },
    ),
  ),
);

export const waits = fc.constantFrom(1_000, 1_000, 5_000, 5_000, 30_000, 60_000).map((ms) =>
  step(
    `${ms} ms go by`,
    (model) => model.state !== 'ended',
    async (model, real) => {
      model.advance(ms);
      real.world.clock.advance(ms);
    },
  ),
);
