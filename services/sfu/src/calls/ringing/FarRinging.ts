import type { Backplane, RingUser, SilenceUser } from '@parley/backplane';
import type { Clock, Timer } from '@parley/kit';
import { ProtocolError, type EndReasonName, type NotificationData } from '@parley/protocol';
import type { Logger } from 'pino';
import { farNodeIds } from './farNodeIds.ts';

/** A device that comes to another node rings by then; a page that is reloaded may be sent to any. */
const lookEveryMs = 1_500;

/** Several looks, so that nobody hears of it when Redis, a node or this process is away for some seconds. */
const leaseMs = 10_000;

/** Of the home of a call, which rings users of it elsewhere. */
export interface FarRingingHome {
  readonly applicationId: string;
  readonly nodeId: string;
  readonly backplane: Pick<Backplane, 'nodeCommands' | 'nodes' | 'presence'>;
  readonly logger: Logger;
}

export interface FarRingingOptions extends FarRingingHome {
  readonly callId: string;
  readonly userId: string;
  readonly participantId: string;
  readonly clock: Clock;
  /** As it is whenever one more device rings. */
  readonly invitation: () => NotificationData<'incomingCall'>;
  /** `isRinging` may have another value; not told of its end. */
  readonly onChanged: () => void;
}

type OwnPart<Command> = Omit<Command, 'applicationId' | 'callId' | 'userId' | 'participantId'>;

/**
 * One user who is rung on other nodes, all that they have on one together. Each node is asked again and again, which changes
 * nothing where the user rings: one that was restarted rings them anew, and one that hears no more of this process stops
 * by itself.
 */
export class FarRinging {
  readonly #options: FarRingingOptions;
  /** The nodes that were asked, and whether they have said that the user rings there. */
  readonly #nodes = new Map<string, boolean>();
  #look: Timer | undefined;
  #hasEnded = false;
  /** Of a node or a backplane that is away one line says enough. */
  #hasWarned = false;

  /** @param nodeIds Those that are known to have devices of the user. */
  constructor(options: FarRingingOptions, nodeIds: readonly string[]) {
    this.#options = options;
    this.#ringAt(nodeIds);
  }

  get isRinging(): boolean {
    return [...this.#nodes.values()].includes(true);
  }

  /** The user has no device on that node any more. */
  desertedAt(nodeId: string): void {
    this.#note(nodeId, false);
  }

  /** Told to all that were asked: one that has not answered may do it late, and one may seem to have no device and have some. */
  end(reason: EndReasonName): void {
    this.#hasEnded = true;
    this.#look?.cancel();
    for (const [nodeId, isRinging] of this.#nodes) {
      this.#silence(nodeId, reason, isRinging);
    }
    this.#nodes.clear();
  }

  /** Each by itself: one that stands still keeps nobody from hearing another. */
  #ringAt(nodeIds: readonly string[]): void {
    for (const nodeId of nodeIds) {
      this.#nodes.set(nodeId, this.#nodes.get(nodeId) ?? false);
      void this.#ring(nodeId);
    }
    this.#look = this.#options.clock.schedule(lookEveryMs, () => void this.#lookAround());
  }

  async #ring(nodeId: string): Promise<void> {
    const { nodeId: homeNodeId, invitation } = this.#options;
    try {
      const asked = { name: 'ringUser', invitation: invitation(), homeNodeId, timeoutMs: leaseMs } as const;
      await this.#send(nodeId, asked);
      this.#note(nodeId, true);
    } catch (error) {
      // As of a device that is about to come or to go, or one that may not answer.
      if (error instanceof ProtocolError && error.code === 'callee_offline') {
        this.#note(nodeId, false);
      } else {
        this.#warn(error);
      }
    }
  }

  async #lookAround(): Promise<void> {
    const { backplane, nodeId, onChanged } = this.#options;
    // Where nothing can be learned, what was known before counts.
    let found: readonly string[] = [...this.#nodes.keys()];
    try {
      found = await farNodeIds(backplane, this.#options, nodeId);
    } catch (error) {
      this.#warn(error);
    }
    if (!this.#hasEnded) {
      [...this.#nodes.keys()].filter((id) => !found.includes(id)).forEach((id) => this.#nodes.set(id, false));
      this.#ringAt(found);
      onChanged();
    }
  }

  #silence(nodeId: string, reason: EndReasonName, isRinging: boolean): void {
    const { logger, callId } = this.#options;
    this.#send(nodeId, { name: 'silenceUser', reason }).catch((error: unknown) => {
      if (isRinging) {
        logger.warn({ err: error, callId, otherNodeId: nodeId }, 'devices on another node not silenced');
      }
    });
  }

  /** Nothing once it has ended, nor of a node that was not asked. */
  #note(nodeId: string, isRinging: boolean): void {
    if (this.#nodes.has(nodeId)) {
      this.#nodes.set(nodeId, isRinging);
      this.#options.onChanged();
    }
  }

  #send(nodeId: string, command: OwnPart<RingUser> | OwnPart<SilenceUser>): Promise<void> {
    const { applicationId, callId, userId, participantId, backplane } = this.#options;

    return backplane.nodeCommands.send(nodeId, { ...command, applicationId, callId, userId, participantId });
  }

  #warn(error: unknown): void {
    const { callId, logger } = this.#options;
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      logger.warn({ err: error, callId }, 'devices on another node not rung');
    }
  }
}
