import type { Disposable } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { NodeCommand, NodeCommandHandler, NodeCommands } from '../nodeCommands.ts';

/** `NodeCommands` for one process. */
export class MemoryNodeCommands implements NodeCommands {
  readonly #handlers = new Map<string, NodeCommandHandler>();

  handle(nodeId: string, handler: NodeCommandHandler): Disposable {
    if (this.#handlers.has(nodeId)) {
      throw new Error(`The node ${nodeId} has a handler already.`);
    }
    this.#handlers.set(nodeId, handler);

    return () => {
      // Disposed of twice, it must not take away the handler of the node's next start.
      if (this.#handlers.get(nodeId) === handler) {
        this.#handlers.delete(nodeId);
      }
    };
  }

  async send(nodeId: string, command: NodeCommand): Promise<void> {
    const handler = this.#handlers.get(nodeId);
    if (handler === undefined) {
      throw new ProtocolError('unavailable', 'The node of the call does not answer.', {
        retryAfterSeconds: 5,
      });
    }
    await handler(command);
  }
}
