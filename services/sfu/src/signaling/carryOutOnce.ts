import type { Joined, RequestAnswer, RequestName } from '@parley/protocol';
import type { Places } from '../calls/recovery/Places.ts';
import type { AnswerCache } from './AnswerCache.ts';
import { handleRequest, type ParsedEnvelope } from './dispatch.ts';
import type { RequestContext } from './handlerTypes.ts';
import { repetitions } from './repetition.ts';

export interface CarryOutOptions {
  readonly context: RequestContext;
  readonly clientId: string;
  readonly answers: AnswerCache;
}

type Answer = RequestAnswer<RequestName>;

/** To a request that entered a call. */
interface SmallAnswer {
  readonly applicationId: string;
  readonly callId: string;
  readonly rest: Omit<Joined, 'call' | 'media'>;
}

/**
 * Carries out a request unless it was carried out before, by whichever connection of the client it came, and makes a
 * difference when it is again.
 */
export function carryOutOnce(
  { name, data, requestId }: ParsedEnvelope,
  { context, clientId, answers }: CarryOutOptions,
): Answer | Promise<Answer> {
  const carryOut = (): Answer | Promise<Answer> => handleRequest(name, data, context);
  if (requestId === undefined || repetitions[name] === 'carriedOut') {
    return carryOut();
  }
  const { applicationId, identity } = context.endpoint;

  return answers.run({
    applicationId,
    userId: identity.userId,
    clientId,
    requestId,
    carryOut,
    again: (answer) => againOf(answer, context),
  });
}

/** The answer that enters a call is as large as the call: it is made anew from how that stands then. */
function againOf(
  answer: Answer,
  { calls: { places }, endpoint }: RequestContext,
): () => Answer | Promise<Answer> {
  if (!('action' in answer) || answer.action !== 'joined') {
    return sameAgain(answer);
  }
  const { call, media: _media, ...rest } = answer;

  return joinedAgain(places, { applicationId: endpoint.applicationId, callId: call.id, rest });
}

// Each by itself: a closure holds on to all that is in sight where it is made, the large answer included.

function sameAgain(answer: Answer): () => Answer {
  return () => answer;
}

function joinedAgain(places: Places, { applicationId, callId, rest }: SmallAnswer): () => Promise<Answer> {
  return async () => ({ ...rest, ...(await places.joinedAgain(applicationId, callId, rest.participantId)) });
}
