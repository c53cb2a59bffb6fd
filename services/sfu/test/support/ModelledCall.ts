import type { Joined } from '@parley/protocol';
import { expect } from 'vitest';
import type { CallModel } from './CallModel.ts';
import { createCallWorld, type CallWorld, type FakeDevice } from './callWorld.ts';
import { offer } from './FakeMedia.ts';

export const users = ['alice', 'bob', 'carol', 'dave'] as const;
export const [caller, ...others] = users;

/** One person's client, whichever of their devices it is on. */
export class Client {
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
export class ModelledCall {
  readonly world: CallWorld;
  readonly clients: ReadonlyMap<string, Client>;
  callId = '';

  private constructor(world: CallWorld) {
    this.world = world;
    this.clients = new Map(users.map((userId) => [userId, new Client()]));
  }

  /** Alice calls them. */
  static async start(callees: readonly string[]): Promise<ModelledCall> {
    const real = new ModelledCall(await createCallWorld());
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

/** Fails unless the call is, for all one can see, what the model says. */
export function compare(model: CallModel, { world, clients, callId, participation }: ModelledCall): void {
  for (const [userId, client] of clients) {
    const { ended, rungOut } = model.of(userId);
    if (model.is(userId, 'connected')) {
      const { call, participant } = participation(userId);
      const { kind, state: callState, participants } = call.snapshotFor(participant);
      expect({ kind, state: callState }).toEqual({ kind: model.kind, state: model.state });
      const seen = participants.map(({ identity, state, isOnHold }) => [
        identity.userId,
        { state, isOnHold },
      ]);
      const expected = [...model.people]
        .filter(([, { place }]) => place.state !== 'out')
        .map(([id, { place, isOnHold }]) => [id, { state: place.state, isOnHold }]);
      expect(seen).toHaveLength(expected.length);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
    } else if (ended?.isTold === true && client.device?.isConnected === true) {
      expect(client.device.heard('callEnded').at(-1)?.reason, `the end for ${userId}`).toBe(ended.reason);
    }
    const isRinging = model.is(userId, 'ringing');
    for (const device of client.devices.filter((one) => one.isConnected && !client.settled.has(one))) {
      const last = device.told.findLast(({ name }) => name.startsWith('incomingCall'));
      expect(last?.name === 'incomingCall', `${userId} rings`).toBe(isRinging);
      if (last?.name === 'incomingCallEnded') {
        expect(last.data.reason, `the end of ringing for ${userId}`).toBe(rungOut);
      }
    }
  }
  if (model.state === 'ended') {
    expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
    for (const { device } of clients.values()) {
      if (device !== undefined) {
        expect(() => world.calls.participation(device, callId)).toThrow('There is no such call');
      }
    }
  }
}
