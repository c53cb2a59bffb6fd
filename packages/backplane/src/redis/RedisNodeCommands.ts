import { createDeferred, type Clock, type Deferred, type Disposable } from '@parley/kit';
import { errorCodes, ProtocolError, toWireError } from '@parley/protocol';
import type { NodeCommand, NodeCommandHandler, NodeCommands } from '../nodeCommands.ts';
import type { RedisLink } from './RedisLink.ts';

/** A command that was carried out is answered within that. */
const answerWithinMs = 5_000;

interface Asked {
  readonly id: number;
  /** The process that waits for the answer. */
  readonly replyTo: string;
  readonly command: NodeCommand;
}

interface Answer {
  readonly id: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** `NodeCommands` for several processes: published to the node, and the answer to who asked. */
export class RedisNodeCommands implements NodeCommands {
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #handlers = new Map<string, NodeCommandHandler>();
  readonly #waiting = new Map<number, Deferred<void>>();
  #count = 0;

  constructor(link: RedisLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    link.subscribe(answersOf(link.owner), (text) => this.#settle(JSON.parse(text) as Answer));
    link.whenDown(() => this.#waiting.forEach((waiting) => waiting.reject(noAnswer())));
  }

  handle(nodeId: string, handler: NodeCommandHandler): Disposable {
    if (this.#handlers.has(nodeId)) {
      throw new Error(`The node ${nodeId} has a handler already.`);
    }
    this.#handlers.set(nodeId, handler);
    const stop = this.#link.subscribe(commandsTo(nodeId), (text) => {
      void this.#carryOut(handler, JSON.parse(text) as Asked);
    });
    let isHandling = true;

    return () => {
      // Disposed of twice, it must not take away the handler of the node's next start.
      if (isHandling) {
        isHandling = false;
        this.#handlers.delete(nodeId);
        stop();
      }
    };
  }

  async send(nodeId: string, command: NodeCommand): Promise<void> {
    const handler = this.#handlers.get(nodeId);
    if (handler !== undefined) {
      return handler(command);
    }
    this.#count += 1;
    const id = this.#count;
    const answer = createDeferred<void>();
    // Rejected before anybody waits for it, when the link goes down meanwhile.
    answer.promise.catch(() => {});
    this.#waiting.set(id, answer);
    const timer = this.#clock.schedule(answerWithinMs, () => answer.reject(noAnswer()));
    try {
      const asked: Asked = { id, replyTo: this.#link.owner, command };
      if ((await this.#link.publish(commandsTo(nodeId), asked)) === 0) {
        throw noAnswer();
      }
      await answer.promise;
    } finally {
      timer.cancel();
      this.#waiting.delete(id);
    }
  }

  async #carryOut(handler: NodeCommandHandler, { id, replyTo, command }: Asked): Promise<void> {
    let answer: Answer = { id };
    try {
      await handler(command);
    } catch (error) {
      answer = { id, error: toWireError(error) };
    }
    // Who is not told asks no further than its patience lasts.
    await this.#link.publish(answersOf(replyTo), answer).catch(() => {});
  }

  #settle({ id, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (error === undefined) {
      waiting?.resolve();
    } else {
      // A node of a later version may know codes that this one does not.
      const code = errorCodes.find((known) => known === error.code) ?? 'internal';
      waiting?.reject(new ProtocolError(code, error.message));
    }
  }
}

function commandsTo(nodeId: string): string {
  return `commands:${nodeId}`;
}

function answersOf(owner: string): string {
  return `answers:${owner}`;
}

function noAnswer(): ProtocolError {
  return new ProtocolError('unavailable', 'The node of the call does not answer.', { retryAfterSeconds: 5 });
}
