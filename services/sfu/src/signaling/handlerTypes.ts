import type { RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import type { CallEndpoint } from '../calls/CallEndpoint.ts';
import type { CallService } from '../calls/CallService.ts';
import type { Probes } from '../probes/Probes.ts';

/** Who asks, and what may be asked. */
export interface RequestContext {
  readonly endpoint: CallEndpoint;
  readonly calls: CallService;
  readonly probes: Probes;
  /** Goes on with a newer token; answers when that runs out. */
  readonly refreshToken: (token: string) => Promise<number>;
}

/** Carries out one request whose data has been parsed; a `ProtocolError` it throws is the answer. */
export type Handler<Name extends RequestName> = (
  context: RequestContext,
  data: RequestData<Name>,
) => RequestAnswer<Name> | Promise<RequestAnswer<Name>>;

export type Handlers = { readonly [Name in RequestName]: Handler<Name> };
