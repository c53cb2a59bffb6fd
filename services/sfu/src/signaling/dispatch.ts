import {
  ProtocolError,
  requestEnvelopeSchema,
  requestTable,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '@parley/protocol';
import { handlers } from './handlers/index.ts';
import type { RequestContext } from './handlerTypes.ts';

/** A request whose name is known; its data is parsed only when its turn comes. */
export interface ParsedEnvelope {
  readonly name: RequestName;
  readonly data: unknown;
  /** The same when the client asks once more for the same. */
  readonly requestId?: string;
}

/** Checks what is around the data. Throws `invalid_request`. */
export function parseEnvelope(request: unknown): ParsedEnvelope {
  const envelope = requestEnvelopeSchema.safeParse(request);
  if (!envelope.success) {
    throw new ProtocolError('invalid_request', 'A request is an object with a name and data.');
  }
  const { name, data, requestId } = envelope.data;
  if (!isRequestName(name)) {
    throw new ProtocolError('invalid_request', 'There is no request of that name.');
  }

  return { name, data, ...(requestId === undefined ? {} : { requestId }) };
}

/** Requests that put the client in a call it was not in. */
const enteringRequests: ReadonlySet<RequestName> = new Set([
  'startCall',
  'joinRoom',
  'joinCall',
  'acceptCall',
]);

export function entersCall(name: RequestName): boolean {
  return enteringRequests.has(name);
}

/** Whether the answer says how a call stands: nothing may overtake it that happens there afterwards. */
export function answersWithCall(name: RequestName): boolean {
  return entersCall(name) || name === 'resume';
}

/**
 * Carries out one request, at once when it can. Throws or rejects with `invalid_request` when the data does not
 * match its schema.
 */
export function handleRequest<Name extends RequestName>(
  name: Name,
  data: unknown,
  context: RequestContext,
): RequestAnswer<Name> | Promise<RequestAnswer<Name>> {
  const parsed = requestTable[name].data.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProtocolError('invalid_request', `${name}: ${issue?.path.join('.')}: ${issue?.message}`);
  }

  // The compiler does not connect the schema found under a name with the handler found under the same name.
  return handlers[name](context, parsed.data as RequestData<Name>);
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestTable, name);
}
