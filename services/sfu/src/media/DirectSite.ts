import type { types } from 'mediasoup';

/** A router, and the transport over which this process itself hears and speaks there. */
export interface DirectSite {
  readonly router: types.Router;
  directTransport(): Promise<types.DirectTransport>;
}
