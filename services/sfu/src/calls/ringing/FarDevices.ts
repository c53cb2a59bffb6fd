import type { Backplane, RingingCommand } from '@parley/backplane';
import type { NotificationData } from '@parley/protocol';
import type { Logger } from 'pino';
import type { RingingDevice } from './Invitation.ts';

export interface FarDevicesOptions {
  readonly applicationId: string;
  readonly callId: string;
  readonly userId: string;
  /** Where they are. */
  readonly nodeId: string;
  /** This one. */
  readonly homeNodeId: string;
  readonly timeoutMs: number;
  readonly nodeCommands: Backplane['nodeCommands'];
  readonly logger: Logger;
}

type Ended = Parameters<RingingDevice['notify']>[0];

type Unaddressed<Command> = Command extends unknown
  ? Omit<Command, 'applicationId' | 'callId' | 'userId'>
  : never;

/** What a user has on another node, as one device: there all of them ring, and rest, together. */
export class FarDevices implements RingingDevice {
  readonly id: string;
  readonly #options: FarDevicesOptions;

  private constructor(options: FarDevicesOptions) {
    this.id = farDevicesId(options.nodeId);
    this.#options = options;
  }

  /** Resolves when they ring; rejects with `callee_offline` when there is none that may, and `unavailable`. */
  static async ring(
    options: FarDevicesOptions,
    invitation: NotificationData<'incomingCall'>,
  ): Promise<FarDevices> {
    const { homeNodeId, timeoutMs } = options;
    const devices = new FarDevices(options);
    await devices.#send({ name: 'ringUser', invitation, homeNodeId, timeoutMs });

    return devices;
  }

  /** Those who cannot be told to rest do so by themselves some time later. */
  notify({ data: { reason } }: Ended): void {
    const { logger, callId, nodeId } = this.#options;
    this.#send({ name: 'silenceUser', reason }).catch((error: unknown) =>
      logger.warn({ err: error, callId, otherNodeId: nodeId }, 'devices on another node not silenced'),
    );
  }

  #send(command: Unaddressed<RingingCommand>): Promise<void> {
    const { applicationId, callId, userId, nodeId, nodeCommands } = this.#options;

    return nodeCommands.send(nodeId, { ...command, applicationId, callId, userId });
  }
}

/** No endpoint has such an id. */
export function farDevicesId(nodeId: string): string {
  return `node/${nodeId}`;
}
