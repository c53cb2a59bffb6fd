import type { EndReasonName, Joined } from '@parley/protocol';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallModel } from '../../test/support/CallModel.ts';
import {
  codeOf,
  createCallWorld,
  joinedBy,
  type CallWorld,
  type FakeDevice,
} from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

const users = ['alice', 'bob', 'carol', 'dave'] as const;
const [caller, ...callees] = users;

/** One person's client, whichever of their devices it is on. */
class Client {
  readonly devices: FakeDevice[] = [];
  /** In the call. */
  device: FakeDevice | undefined;
  /** Accepted or declined by themselves: nobody tells them that it rings no more. */
  readonly settled = new Set<FakeDevice>();
  resumeToken: string | undefined;

  entered(device: FakeDevice, { resumeToken }: Joined): void {
    this.device = device;
    this.resumeToken = resumeToken;
  }
}

/** The call as it is, beside the model. */
class Real {
  readonly world: CallWorld;
  readonly clients: ReadonlyMap<string, Client>;
  callId = '';

  private constructor(world: CallWorld) {
    this.world = world;
    this.clients = new Map(users.map((userId) => [userId, new Client()]));
  }

  /** Alice calls the others. */
  static async start(): Promise<Real> {
    const real = new Real(await createCallWorld());
    for (const userId of [...users, ...users]) {
      // oxlint-disable-next-line no-await-in-loop
      await real.connect(userId);
    }
    const device = real.free(caller);
    const joined = await real.world.calls.startCall(device, { callees: [...callees], media: offer });
    real.callId = joined.call.id;
    real.of(caller).entered(device, joined);

    return real;
  }

  of(userId: string): Client {
    return this.clients.get(userId) ?? new Client();
  }

  async connect(userId: string): Promise<FakeDevice> {
    const device = await this.world.device(userId);
    this.of(userId).devices.push(device);

    return device;
  }

  /** A connected device that is not in the call; the one that is there when there is no other. */
  free(userId: string): FakeDevice {
    const { devices, device } = this.of(userId);
    const found = devices.find((one) => one.isConnected && one !== device) ?? device ?? devices[0];
    if (found === undefined) {
      throw new TypeError(`${userId} has no device.`);
    }

    return found;
  }

  in(userId: string): FakeDevice {
    return this.of(userId).device ?? this.free(userId);
  }

  get participation() {
    return (userId: string) => this.world.calls.participation(this.in(userId), this.callId);
  }

  idOf(by: string, userId: string): string {
    return this.participation(by).call.ofUser(userId)?.id ?? 'nobody';
  }
}

type Step = fc.AsyncCommand<CallModel, Real>;

/** Time goes on a little with every step, so that no two timers are due in the same millisecond. */
function step(
  name: string,
  may: (model: CallModel) => boolean,
  run: (model: CallModel, real: Real) => Promise<void>,
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

function compare(model: CallModel, { world, clients, callId, participation }: Real): void {
  for (const [userId, client] of clients) {
    const isIn = model.is(userId, 'connected');
    if (isIn) {
      const { call, participant } = participation(userId);
      const seen = call
        .snapshotFor(participant)
        .participants.map(({ identity, state, isOnHold }) => [identity.userId, { state, isOnHold }]);
      const expected = [...model.people]
        .filter(([, { place }]) => place.state !== 'out')
        .map(([id, { place, isOnHold }]) => [id, { state: place.state, isOnHold }]);
      expect(seen).toHaveLength(expected.length);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    }
    const isRinging = model.is(userId, 'ringing');
    for (const device of client.devices.filter((one) => one.isConnected && !client.settled.has(one))) {
      const last = device.told.findLast(({ name }) => name.startsWith('incomingCall'));
      expect(last?.name === 'incomingCall', `${userId} rings`).toBe(isRinging);
    }
  }
  if (model.state === 'ended') {
    expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
    for (const { device } of clients.values()) {
      if (device !== undefined) {
        expect(() => world.calls.participation(device, callId)).toThrow();
      }
    }
  }
}

/** Whoever was in the call when it ended was told the same as everybody else. */
function told(real: Real, userIds: readonly string[], reason: EndReasonName | undefined): void {
  for (const userId of userIds) {
    expect(real.in(userId).heard('callEnded').at(-1)?.reason).toBe(reason);
  }
}

const present = (model: CallModel, except?: string): string[] =>
  users.filter((userId) => userId !== except && model.is(userId, 'connected'));

/** What one person does, or what happens to them. */
const single = fc.constantFrom(...users).chain((userId) =>
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
        const inside = present(model);
        real.world.calls.rejectCall(device, real.callId);
        real.of(userId).settled.add(device);
        model.leave(userId, 'declined');
        told(real, model.state === 'ended' ? inside : [], model.reason);
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
        const inside = present(model);
        const outcome = codeOf(real.world.ask(real.in(userId), 'endCall', { callId: real.callId }));
        expect(await outcome).toBe(userId === caller ? undefined : 'forbidden');
        if (userId === caller) {
          model.end('ended_for_everyone');
          told(real, inside, 'ended_for_everyone');
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
          const { isOnHold } = model.of(userId);
          client.device = device;
          client.resumeToken = answer.resumeToken;
          model.enter(userId);
          model.of(userId).isOnHold = isOnHold;
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
        const mayJoin = model.state !== 'ended' && !model.of(userId).isRemoved;
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
const mutual = pair.chain(([userId, other]) =>
  fc.constantFrom<Step>(
    step(
      `${userId} removes ${other}`,
      (model) => model.is(userId, 'connected') && !model.is(other, 'out'),
      async (model, real) => {
        const inside = present(model, other);
        const participantId = real.idOf(userId, other);
        const request = { callId: real.callId, participantId };
        const code = await codeOf(real.world.ask(real.in(userId), 'removeParticipant', request));
        expect(code).toBe(userId === caller ? undefined : 'forbidden');
        if (userId === caller) {
          told(real, model.is(other, 'connected') ? [other] : [], 'removed');
          model.of(other).isRemoved = true;
          model.leave(other, 'removed');
          told(real, model.state === 'ended' ? inside : [], model.reason);
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
          model.ring(other);
        }
      },
    ),
  ),
);

const waits = fc.constantFrom(1_000, 1_000, 5_000, 5_000, 30_000, 60_000).map((ms) =>
  step(
    `${ms} ms go by`,
    (model) => model.state !== 'ended',
    async (model, real) => {
      model.advance(ms);
      real.world.clock.advance(ms);
    },
  ),
);

it('is in every order of events what the model says, and leaves nothing behind', async () => {
  const plan = fc.commands([single, single, single, mutual, mutual, waits], { maxCommands: 60, size: '+1' });
  await fc.assert(
    fc.asyncProperty(plan, async (commands) => {
      const real = await Real.start();
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
    { numRuns: 300 },
  );
}, 60_000);
