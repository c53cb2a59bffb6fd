import type { RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import { CallError } from '../errors.ts';

/** Longest wait for the server's word, milliseconds. */
export const answerTimeoutMs = 10_000;

export interface RequestOptions<Name extends RequestName> {
  timeoutMs?: number;
  /** Known to the server by this id: asked again, it is carried out once and answered the same. */
  requestId?: string;
  /** Called with an answer that came after its request had been given up, to undo what it says was done. */
  onLateAnswer?: (answer: RequestAnswer<Name>) => void;
}

/** Of the requests that enter a call. */
export type EnterOptions = Pick<RequestOptions<'joinRoom'>, 'timeoutMs' | 'onLateAnswer'>;

export type Request = <Name extends RequestName>(
  name: Name,
  data: RequestData<Name>,
  options?: RequestOptions<Name>,
) => Promise<RequestAnswer<Name>>;

/** There is no connection, or it was lost before the answer: whether the request was carried out is not known. */
export class NotConnectedError extends CallError {
  constructor() {
    super('unavailable', 'There is no connection to the server.');
  }
}

/** There was no answer in time: whether the request was carried out is not known, nor whether anything arrives there. */
export class NoAnswerError extends CallError {
  constructor() {
    super('timeout');
  }
}
