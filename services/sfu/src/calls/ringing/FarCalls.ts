import type { Backplane, RingingOver, RingUser, SilenceUser } from '@parley/backplane';
import type { Clock, Timer } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { Logger } from 'pino';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import { mayRing } from '../scopes.ts';

export interface FarCallsOptions {
  /** This one. */
  readonly nodeId: string;
  readonly backplane: Pick<Backplane, 'nodeCommands'>;
  readonly directory: EndpointDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One user who is called from another node. */
interface FarCall {
  /** As it was asked last. */
  readonly asked: RingUser;
  /** Those that ring. */
  readonly devices: Map<string, CallEndpoint>;
  /** Of those the ones that have answered, and are told by the home of the call how that went. */
  readonly answered: Set<string>;
  /** Until it is taken for over, when nothing more is heard of it. */
  readonly timer: Timer;
}

/** Calls of other nodes that ring here: their home decides about them, and this node carries it out. */
export class FarCalls {
  readonly #options: FarCallsOptions;
  /** By call and user. */
  readonly #calls = new Map<string, FarCall>();

  constructor(options: FarCallsOptions) {
    this.#options = options;
  }

  /** Rings the devices that do not ring yet. Throws `callee_offline` when the user has none here that may. */
  ring(asked: RingUser): void {
    const { directory, clock } = this.#options;
    const { applicationId, userId, timeoutMs } = asked;
    const ringable = directory.devicesOf(applicationId, userId).filter(mayRing);
    if (ringable.length === 0) {
      throw new ProtocolError('callee_offline');
    }
    this.#endEarlier(asked);
    const { devices, answered, timer } = this.#calls.get(keyOf(asked)) ?? {
      devices: new Map<string, CallEndpoint>(),
      answered: new Set<string>(),
    };
    timer?.cancel();
    const call: FarCall = {
      asked,
      devices,
      answered,
      timer: clock.schedule(timeoutMs, () => this.silence({ ...asked, reason: 'server_ended' })),
    };
    this.#calls.set(keyOf(asked), call);
    ringable.forEach((device) => ringOn(device, call));
  }

  /** Nothing happens when it does not ring. */
  silence(asked: Pick<SilenceUser, 'callId' | 'userId' | 'participantId' | 'reason'>): void {
    const call = this.#calls.get(keyOf(asked));
    if (call?.asked.participantId === asked.participantId) {
      this.#silence(call, asked.reason);
    }
  }

  /** One more device is there; it rings when its user is being rung. */
  deviceAppeared(device: CallEndpoint): void {
    for (const call of this.#of(device)) {
      ringOn(device, call);
    }
  }

  deviceGone(device: CallEndpoint): void {
    for (const call of this.#of(device)) {
      if (call.devices.delete(device.id) && call.devices.size === 0) {
        this.#forget(call);
        this.#tellDeserted(call);
      }
    }
  }

  /** The device answers where the call is, and is told there how that went. */
  answeredOn(device: CallEndpoint, callId: string): void {
    this.#ringingOn(device, callId)?.answered.add(device.id);
  }

  /** The user declines; undefined when no call of another node rings on the device. Rejects as its home does. */
  decline(device: CallEndpoint, callId: string): Promise<void> | undefined {
    const call = this.#ringingOn(device, callId);

    return call && this.#decline(device, call);
  }

  /** The process stops, and nothing rings here any more. */
  close(): void {
    for (const call of this.#calls.values()) {
      call.timer.cancel();
      this.#tellDeserted(call);
    }
    this.#calls.clear();
  }

  /** The call rings the user anew: that it did not any more was lost on the way. */
  #endEarlier(asked: RingUser): void {
    const earlier = this.#calls.get(keyOf(asked));
    if (earlier !== undefined && earlier.asked.participantId !== asked.participantId) {
      this.#silence(earlier, 'canceled');
    }
  }

  async #decline(device: CallEndpoint, call: FarCall): Promise<void> {
    // Before its home is told, which silences all that have not.
    call.answered.add(device.id);
    try {
      await this.#tell(call, 'ringingDeclined');
    } catch (error) {
      call.answered.delete(device.id);
      throw error;
    }
  }

  #silence(call: FarCall, reason: SilenceUser['reason']): void {
    this.#forget(call);
    for (const device of call.devices.values()) {
      if (!call.answered.has(device.id)) {
        device.notify({ name: 'incomingCallEnded', data: { callId: call.asked.callId, reason } });
      }
    }
  }

  #forget(call: FarCall): void {
    call.timer.cancel();
    this.#calls.delete(keyOf(call.asked));
  }

  #tell({ asked }: FarCall, name: RingingOver['name']): Promise<void> {
    const { nodeId, backplane } = this.#options;
    const { applicationId, callId, userId, participantId, homeNodeId } = asked;
    const command = { name, applicationId, callId, userId, participantId, nodeId };

    return backplane.nodeCommands.send(homeNodeId, command);
  }

  #tellDeserted(call: FarCall): void {
    const { callId, homeNodeId } = call.asked;
    this.#tell(call, 'ringingDeserted').catch((error: unknown) => {
      // It may not ring any more over there.
      if (!(error instanceof ProtocolError) || error.code !== 'call_not_found') {
        this.#options.logger.warn(
          { err: error, callId, otherNodeId: homeNodeId },
          'home of a call not reached',
        );
      }
    });
  }

  #of({ applicationId, identity }: CallEndpoint): FarCall[] {
    const isTheirs = ({ asked }: FarCall): boolean =>
      asked.applicationId === applicationId && asked.userId === identity.userId;

    return [...this.#calls.values()].filter(isTheirs);
  }

  #ringingOn(device: CallEndpoint, callId: string): FarCall | undefined {
    return this.#of(device).find(({ asked, devices }) => asked.callId === callId && devices.has(device.id));
  }
}

function ringOn(device: CallEndpoint, { asked, devices }: FarCall): void {
  if (!devices.has(device.id)) {
    devices.set(device.id, device);
    device.notify({ name: 'incomingCall', data: asked.invitation });
  }
}

/** A slash occurs in no id of a call. */
function keyOf({ callId, userId }: Pick<RingUser, 'callId' | 'userId'>): string {
  return `${callId}/${userId}`;
}
