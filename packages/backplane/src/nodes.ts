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
   * From here on the node lives, until that is taken back or its process ends. Rejects with a sentence when another
   * process that lives has the id: two of one id would answer each other's commands.
   */
  announce(node: SfuNode): Promise<Disposable>;
  find(nodeId: string): Promise<SfuNode | undefined>;
  list(): Promise<readonly SfuNode[]>;
}
