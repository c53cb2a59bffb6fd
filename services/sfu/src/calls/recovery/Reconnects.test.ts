import type { NumberedNotification, Resumed } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';

/** A person with one place in the room's call, and one device after another to be there with. */
class Person {
  readonly userId: string;
  readonly #world: CallWorld;
  device: FakeDevice | undefined;
  participantId = '';
  callId = '';
  /** The present one last. */
  readonly resumeTokens: string[] = [];
  /** The numbers of all notifications that have reached the client, in order. */
  readonly numbers: number[] = [];
  sequence = 0;

  constructor(world: CallWorld, userId: string) {
    this.#world = world;
    this.userId = userId;
  }

  async enter(): Promise<void> {
    this.device = await this.#world.device(this.userId);
    const joined = await this.#world.enterRoom(this.device);
    this.participantId = joined.participantId;
    this.callId = joined.call.id;
    this.resumeTokens.push(joined.resumeToken);
    this.sequence = joined.sequence;
  }

  get resumeToken(): string {
    return this.resumeTokens.at(-1) ?? '';
  }

  /** Reads what has arrived at the device. */
  read(): void {
    for (const notification of this.device?.told.splice(0) ?? []) {
      this.#take(notification as NumberedNotification);
    }
  }

  drop(): void {
    this.read();
    if (this.device !== undefined) {
      this.#world.drop(this.device);
      this.device = undefined;
    }
  }

  async resume(resumeToken = this.resumeToken): Promise<Resumed> {
    this.read();
    const device = await this.#world.device(this.userId);
    const { callId, sequence } = this;
    const answer = await this.#world.calls.places.resume(device, { callId, resumeToken, sequence });
    if (answer.action === 'resume' || answer.action === 'rejoin') {
      this.device = device;
      this.resumeTokens.push(answer.resumeToken);
      answer.missed.forEach((notification) => this.#take(notification));
      this.sequence = answer.sequence;
    }

    return answer;
  }

  #take({ sequence }: NumberedNotification): void {
    if (sequence !== undefined) {
      this.numbers.push(sequence);
      this.sequence = sequence;
    }
  }
}

async function createRoom(...userIds: string[]): Promise<{ world: CallWorld; people: Person[] }> {
  const world = await createCallWorld();
  await world.putRoom();
  const people = userIds.map((userId) => new Person(world, userId));
  for (const person of people) {
    await person.enter();
  }

  return { world, people };
}

async function createPair(): Promise<{ world: CallWorld; alice: Person; bob: Person }> {
  const { world, people } = await createRoom('alice', 'bob');
  const [alice, bob] = people;
  if (alice === undefined || bob === undefined) {
    throw new Error('Two people were asked for.');
  }

  return { world, alice, bob };
}

describe('a participant whose connection is lost', () => {
  it('is seen reconnecting and connected again, and never to leave or join', async () => {
    const { alice, bob } = await createPair();
    alice.read();
    bob.drop();
    await bob.resume();

    const { participantId } = bob;
    expect(alice.device?.told).toMatchObject([
      { name: 'participantStateChanged', data: { participantId, state: 'reconnecting' } },
      { name: 'participantStateChanged', data: { participantId, state: 'connected' } },
    ]);
  });

  it('keeps media and place for as long as the call says, and leaves with connection_lost then', async () => {
    const { world, alice, bob } = await createPair();
    alice.read();
    bob.drop();
    const { open } = world.media;
    world.clock.advance(29_999);
    expect(world.media.open).toBe(open);
    expect(alice.device?.heard('participantLeft')).toEqual([]);

    world.clock.advance(1);
    expect(world.media.open).toBe(open - 1);
    expect(alice.device?.heard('participantLeft')).toMatchObject([
      { participantId: bob.participantId, reason: 'connection_lost' },
    ]);
    expect(await bob.resume()).toEqual({ action: 'stop', reason: 'connection_lost' });
  });

  it('is back for good: the time that was left before does not go on', async () => {
    const { world, alice, bob } = await createPair();
    bob.drop();
    world.clock.advance(29_000);
    await bob.resume();
    world.clock.advance(60_000);

    expect(alice.device?.heard('participantLeft')).toEqual([]);
  });

  it('hears of what happened meanwhile, and of nothing twice', async () => {
    const { world, alice, bob } = await createPair();
    bob.drop();
    const carol = new Person(world, 'carol');
    await carol.enter();
    const answer = await bob.resume();

    expect(answer).toMatchObject({
      action: 'resume',
      missed: [{ name: 'participantJoined', data: { participant: { id: carol.participantId } } }],
    });
    alice.drop();
    expect(bob.device?.told).toMatchObject([{ name: 'participantStateChanged' }]);
  });

  it('is given everything anew when it was too much', async () => {
    const { world, bob } = await createPair();
    const { callId } = bob;
    const carol = await world.device('carol');
    await world.enterRoom(carol);
    bob.drop();
    for (let count = 0; count < 300; count += 1) {
      await world.ask(carol, 'sendReaction', { callId, reaction: '👍' });
      world.clock.advance(20);
    }
    const answer = await bob.resume();

    expect(answer).toMatchObject({ action: 'resume', missed: [], snapshot: { call: { id: bob.callId } } });
  });

  it('is taken over by another connection before the loss is noticed, and nobody sees anything', async () => {
    const { world, alice, bob } = await createPair();
    alice.read();
    const dead = bob.device;
    await bob.resume();
    expect(bob.device).not.toBe(dead);
    expect(alice.device?.told).toEqual([]);

    if (dead !== undefined) {
      world.drop(dead);
    }
    expect(alice.device?.told).toEqual([]);
    expect(bob.device?.isConnected).toBe(true);
  });

  it('keeps the call alive though nobody else is there', async () => {
    const { world, alice, bob } = await createPair();
    alice.drop();
    bob.drop();
    world.clock.advance(20_000);

    expect(await alice.resume()).toMatchObject({ action: 'resume' });
    expect(await bob.resume()).toMatchObject({ action: 'resume' });
  });

  it('is told why the call has ended meanwhile', async () => {
    const { world, bob } = await createPair();
    bob.drop();
    await world.calls.carryOut({ name: 'endCall', applicationId: 'app', callId: bob.callId });

    expect(await bob.resume()).toEqual({ action: 'stop', reason: 'server_ended' });
  });
});

describe('a resume token', () => {
  it('of before the latest is good until the latest was used, and not after', async () => {
    const { bob } = await createPair();
    const [first = ''] = bob.resumeTokens;
    // The answer with the second was lost: the client comes with the first again.
    await bob.resume(first);
    expect(await bob.resume(first)).toMatchObject({ action: 'resume' });
    const third = bob.resumeToken;
    await bob.resume(third);

    expect(await bob.resume(first)).toEqual({ action: 'stop', reason: 'connection_lost' });
    expect(await bob.resume(third)).toMatchObject({ action: 'resume' });
  });

  it('is of no use to another user, to a neighbour, or for another call', async () => {
    const { world, alice, bob } = await createPair();
    const { callId, resumeToken } = bob;
    bob.drop();
    const stopped = { action: 'stop', reason: 'connection_lost' };
    const neighbour = await world.device('bob', { applicationId: 'other' });
    const mallory = await world.device('mallory');

    for (const device of [neighbour, mallory, alice.device]) {
      const request = { callId, resumeToken, sequence: 0 };
      expect(device && (await world.calls.places.resume(device, request))).toEqual(stopped);
    }
    const own = await world.device('bob');
    expect(await world.calls.places.resume(own, { callId: 'other', resumeToken, sequence: 0 })).toEqual(
      stopped,
    );
    expect(await bob.resume()).toMatchObject({ action: 'resume' });
  });
});

describe('ICE restarts', () => {
  it('are six at once, then one in ten seconds', async () => {
    const { world, bob } = await createPair();
    const { device } = bob;
    if (device === undefined) {
      throw new Error('Bob is connected.');
    }
    const restart = () => {
      const { call, participant } = world.calls.participation(device, bob.callId);

      return call.reconnects.restartIce(participant);
    };
    for (let count = 0; count < 6; count += 1) {
      expect(await codeOf(restart())).toBeUndefined();
    }

    await expect(restart()).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 10 });
    world.clock.advance(10_000);
    expect(await codeOf(restart())).toBeUndefined();
    expect(await codeOf(restart())).toBe('too_many_requests');
  });
});

type Step = { person: number; kind: 'drop' | 'resume' | 'wait' | 'leave'; seconds: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    person: fc.nat(2),
    kind: fc.constantFrom('drop', 'resume', 'wait', 'leave'),
    seconds: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 25 },
);

/** Plays the steps and answers whatever went otherwise than it should. */
async function play(run: readonly Step[]): Promise<unknown[]> {
  const { world, people } = await createRoom('alice', 'bob', 'carol');
  const surprises: unknown[] = [];
  /** When each was lost who is away; 'left' for those who are gone. */
  const away = new Map<Person, number | 'left'>();
  const leave = (person: Person, device: FakeDevice): void => {
    const { call, participant } = world.calls.participation(device, person.callId);
    if (participant.id !== person.participantId) {
      surprises.push('another place');
    }
    call.leave(participant, 'hangup');
    away.set(person, 'left');
  };
  const wait = (seconds: number): void => {
    world.clock.advance(seconds * 1000);
    for (const [person, lostAtMs] of away) {
      if (lostAtMs !== 'left' && world.clock.now() - lostAtMs >= 30_000) {
        away.set(person, 'left');
      }
    }
  };
  const resume = async (person: Person): Promise<void> => {
    const { action } = await person.resume();
    if (action !== (away.get(person) === 'left' ? 'stop' : 'resume')) {
      surprises.push({ action, since: away.get(person) });
    }
    if (action === 'resume') {
      away.delete(person);
    }
  };

  for (const { person: index, kind, seconds } of run) {
    const person = people[index];
    if (kind === 'wait') {
      wait(seconds);
    } else if (person !== undefined && kind === 'resume') {
      await resume(person);
    } else if (person?.device !== undefined && !away.has(person)) {
      if (kind === 'leave') {
        leave(person, person.device);
      } else {
        person.drop();
        away.set(person, world.clock.now());
      }
    }
  }
  for (const person of people) {
    person.read();
    const [first = 0] = person.numbers;
    if (person.numbers.some((number, index) => number !== first + index)) {
      surprises.push({ numbers: person.numbers });
    }
    if (person.device !== undefined && !away.has(person)) {
      leave(person, person.device);
    }
  }
  wait(30);
  if (world.media.open > 0 || world.clock.pending > 0) {
    surprises.push({ media: world.media.open, timers: world.clock.pending });
  }

  return surprises;
}

describe('over losses and returns of any order', () => {
  it('whoever is back in time is in their place, has missed nothing, and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        expect(await play(run)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});
