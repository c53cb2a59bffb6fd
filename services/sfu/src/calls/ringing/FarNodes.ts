import type { Backplane } from '@parley/backplane';
import { ProtocolError, type NotificationData } from '@parley/protocol';
import type { Logger } from 'pino';
import { FarDevices, farDevicesId } from './FarDevices.ts';

export interface FarNodesOptions {
  readonly applicationId: string;
  readonly callId: string;
  /** This one. */
  readonly nodeId: string;
  readonly timeoutMs: number;
  readonly backplane: Pick<Backplane, 'nodeCommands' | 'nodes' | 'presence'>;
  readonly logger: Logger;
}

/** The other nodes, as far as those whom one call rings have devices there. */
export class FarNodes {
  readonly #options: FarNodesOptions;

  constructor(options: FarNodesOptions) {
    this.#options = options;
  }

  /**
   * Rings the user wherever they have devices now and do not ring yet. Never rejects: the next look may find what this
   * one did not.
   */
  async ring(
    userId: string,
    invitation: NotificationData<'incomingCall'>,
    isWanted: (id: string) => boolean,
  ): Promise<FarDevices[]> {
    const { applicationId, nodeId, backplane } = this.#options;
    try {
      const ids = await farNodeIds(backplane, { applicationId, userId }, nodeId);
      const rung = ids
        .filter((id) => isWanted(farDevicesId(id)))
        .map((id) => this.#ringAt(id, userId, invitation));

      return (await Promise.all(rung)).filter((devices) => devices !== undefined);
    } catch (error) {
      this.#warn(error);

      return [];
    }
  }

  async #ringAt(
    nodeId: string,
    userId: string,
    invitation: NotificationData<'incomingCall'>,
  ): Promise<FarDevices | undefined> {
    const { backplane, nodeId: homeNodeId, ...options } = this.#options;
    const { nodeCommands } = backplane;
    try {
      return await FarDevices.ring({ ...options, userId, nodeId, homeNodeId, nodeCommands }, invitation);
    } catch (error) {
      // As of a device that is about to come or to go, or one that may not answer.
      if (!(error instanceof ProtocolError) || error.code !== 'callee_offline') {
        this.#warn(error);
      }

      return undefined;
    }
  }

  #warn(error: unknown): void {
    const { callId, logger } = this.#options;
    logger.warn({ err: error, callId }, 'devices on another node not rung');
  }
}

/** The nodes but this one that live and have devices of the user. */
export async function farNodeIds(
  { nodes, presence }: Pick<Backplane, 'nodes' | 'presence'>,
  { applicationId, userId }: { readonly applicationId: string; readonly userId: string },
  ownId: string,
): Promise<string[]> {
  const endpoints = await presence.endpointsOf(applicationId, userId);
  const far = new Set(endpoints.map(({ nodeId }) => nodeId).filter((nodeId) => nodeId !== ownId));
  if (far.size === 0) {
    return [];
  }

  return (await nodes.list()).map(({ nodeId }) => nodeId).filter((nodeId) => far.has(nodeId));
}
