import type { Backplane, RingingOver, RingUser, SilenceUser } from '@parley/backplane';
import type { Clock, Timer } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { Logger } from 'pino';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import { mayRing } from '../scopes.ts';

/** Beyond the time that the home of the call gives the callee: it says itself when that is over. */
const patienceMs = 5_000;

export interface FarCallsOptions {
  /** This one. */
  readonly nodeId: string;
  readonly backplane: Pick<Backplane, 'nodeCommands' | 'nodes'>;
  readonly directory: EndpointDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One user who is called from another node. */
interface FarCall {
  readonly asked: RingUser;
  /** Those that ring. */
  readonly devices: Map<string, CallEndpoint>;
  /** Devices that were sent to the home of the call, where they are told how their answer went. */
  readonly answering: Set<string>;
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

  /** Throws `callee_offline` when the user has no device here that may ring. */
  ring(asked: RingUser): void {
    const { directory, clock } = this.#options;
    const { applicationId, userId, timeoutMs } = asked;
    const devices = directory.devicesOf(applicationId, userId).filter(mayRing);
    if (devices.length === 0) {
      throw new ProtocolError('callee_offline');
    }
    this.#calls.get(keyOf(asked))?.timer.cancel();
    const call: FarCall = {
      asked,
      devices: new Map(),
      answering: new Set(),
      timer: clock.schedule(timeoutMs + patienceMs, () => this.silence({ ...asked, reason: 'no_answer' })),
    };
    this.#calls.set(keyOf(asked), call);
    devices.forEach((device) => ringOn(device, call));
  }

  /** Nothing happens when it does not ring. */
  silence(asked: Pick<SilenceUser, 'applicationId' | 'callId' | 'userId' | 'reason'>): void {
    const call = this.#calls.get(keyOf(asked));
    if (call !== undefined) {
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
        this.#tell(call, 'ringingDeserted').catch((error: unknown) => this.#warn(call, error));
      }
    }
  }

  /**
   * Where the device answers the call; undefined when no call of another node rings on it. Rejects with `call_not_found`
   * when that node is gone.
   */
  homeOf(device: CallEndpoint, callId: string): Promise<string> | undefined {
    const call = this.#ringingOn(device, callId);

    return call && this.#sendHome(device, call);
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
      this.#tell(call, 'ringingDeserted').catch((error: unknown) => this.#warn(call, error));
    }
    this.#calls.clear();
  }

  async #sendHome(device: CallEndpoint, { asked, answering }: FarCall): Promise<string> {
    const home = await this.#options.backplane.nodes.find(asked.homeNodeId);
    if (home === undefined) {
      throw new ProtocolError('call_not_found');
    }
    answering.add(device.id);

    return home.url;
  }

  async #decline(device: CallEndpoint, call: FarCall): Promise<void> {
    await this.#tell(call, 'ringingDeclined');
    call.answering.add(device.id);
    this.#silence(call, 'declined');
  }

  #silence(call: FarCall, reason: SilenceUser['reason']): void {
    this.#forget(call);
    for (const device of call.devices.values()) {
      if (!call.answering.has(device.id)) {
        device.notify({ name: 'incomingCallEnded', data: { callId: call.asked.callId, reason } });
      }
    }
    call.devices.clear();
  }

  #forget(call: FarCall): void {
    call.timer.cancel();
    if (this.#calls.get(keyOf(call.asked)) === call) {
      this.#calls.delete(keyOf(call.asked));
    }
  }

  #tell({ asked }: FarCall, name: RingingOver['name']): Promise<void> {
    const { nodeId, backplane } = this.#options;
    const { applicationId, callId, userId, homeNodeId } = asked;

    return backplane.nodeCommands.send(homeNodeId, { name, applicationId, callId, userId, nodeId });
  }

  #warn({ asked: { callId, homeNodeId } }: FarCall, error: unknown): void {
    this.#options.logger.warn({ err: error, callId, otherNodeId: homeNodeId }, 'home of a call not reached');
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
  devices.set(device.id, device);
  device.notify({ name: 'incomingCall', data: asked.invitation });
}

/** A slash occurs in no id of a call. */
function keyOf({ callId, userId }: Pick<RingUser, 'callId' | 'userId'>): string {
  return `${callId}/${userId}`;
}
