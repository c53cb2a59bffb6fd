import type { Disposable } from '@parley/kit';

/** An sfu node that calls can be held on. */
export interface SfuNode {
  readonly nodeId: string;
  /** Where clients reach its signaling. */
  readonly url: string;
}

/** The sfu nodes that live: one that says nothing for 5 s is taken for dead. */
export interface NodeRegistry {
  /**
   * From here on the node lives, until that is taken back or its process ends. A process that takes the id of
   * another has restarted it.
   */
  announce(node: SfuNode): Promise<Disposable>;
  find(nodeId: string): Promise<SfuNode | undefined>;
  list(): Promise<readonly SfuNode[]>;
}
