import type { MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';

/** Where a stream enters the media of this node. */
export interface Origin {
  readonly router: types.Router;
  readonly producer: types.Producer;
}

/** One stream that participants of a call can receive. Its id stays while it moves from worker to worker. */
export interface Stream {
  readonly id: string;
  readonly kind: types.MediaKind;
  readonly source: MediaSource;
  /** Who sends it. A slot of the loudest is nobody's own. */
  readonly participantId: string | undefined;
  /** Where the router gets it from; undefined while nobody sends it, as between two workers. */
  originFor(router: types.Router): Origin | undefined;
}
