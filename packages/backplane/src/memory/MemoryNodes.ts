import type { Disposable } from '@parley/kit';
import type { NodeRegistry, SfuNode } from '../nodes.ts';

/** `NodeRegistry` for one process: who does not live in it does not live. */
export class MemoryNodes implements NodeRegistry {
  readonly #nodes = new Map<string, SfuNode>();

  async announce(node: SfuNode): Promise<Disposable> {
    this.#nodes.set(node.nodeId, node);

    return () => {
      // Taken back twice, it must not end the node's next start.
      if (this.#nodes.get(node.nodeId) === node) {
        this.#nodes.delete(node.nodeId);
      }
    };
  }

  has(nodeId: string): boolean {
    return this.#nodes.has(nodeId);
  }

  async find(nodeId: string): Promise<SfuNode | undefined> {
    return this.#nodes.get(nodeId);
  }

  async list(): Promise<readonly SfuNode[]> {
    return [...this.#nodes.values()];
  }
}
