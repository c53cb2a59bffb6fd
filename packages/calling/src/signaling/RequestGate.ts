import { createDeferred, type Deferred } from '@parley/kit';
import type { RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import { randomId } from './randomId.ts';
import { NoAnswerError, NotConnectedError, type Request, type RequestOptions } from './request.ts';

/** The most that may wait for its answer. */
const maxWaiting = 256;

/** Over so many connections a request is made: to what has no answer then there is none. */
const maxSilences = 2;

interface Waiting {
  /** Asks the server, again under the same id. */
  readonly send: (request: Request) => Promise<void>;
  readonly fail: (error: CallError) => void;
  /** Whether it has to be answered in its own time, or else in that of the connection. */
  readonly hasDeadline: boolean;
  silences: number;
}

/**
 * What is asked of the server for one call. While the gate is held, requests wait in order, and those the server has
 * not answered wait with them: opened again it sends them all, each under the id it has had from the start, so that the
 * server carries out each of them once. Over a connection that answers one of them too late nothing may come any more,
 * and nobody else may find that out: it is to be given up, and what it has not answered waits for the next one.
 *
 *              hold()
 *     open ◀──────────▶ held
 *       │    open()      │
 *       └────▶ closed ◀──┘
 */
export class RequestGate {
  #state:
    | { readonly is: 'open'; readonly request: Request }
    | { readonly is: 'held' }
    | { readonly is: 'closed'; readonly error: CallError } = { is: 'held' };
  /** Unanswered, in the order in which they were asked for. */
  readonly #waiting = new Set<Waiting>();
  readonly #onSilent: () => void;

  /** @param onSilent The present connection does not answer. */
  constructor(onSilent: () => void) {
    this.#onSilent = onSilent;
  }

  /** @throws CallError as the server answered; `timeout` when it did not, in the request's own time or over two connections. */
  readonly request: Request = (name, data, options = {}) => {
    if (this.#state.is === 'closed') {
      return Promise.reject(this.#state.error);
    }
    if (this.#waiting.size >= maxWaiting) {
      return Promise.reject(new CallError('unavailable', 'Too many requests wait for the server already.'));
    }
    const outcome = createDeferred<RequestAnswer<typeof name>>();
    const waiting = this.#prepare(name, data, options, outcome);
    this.#waiting.add(waiting);
    this.#send(waiting);

    return outcome.promise;
  };

  /** Everything that waits goes to the server, in order. */
  open(request: Request): void {
    if (this.#state.is !== 'closed') {
      this.#state = { is: 'open', request };
      for (const waiting of this.#waiting) {
        this.#send(waiting);
      }
    }
  }

  /** The connection is gone, or nothing may go over it yet. */
  hold(): void {
    if (this.#state.is !== 'closed') {
      this.#state = { is: 'held' };
    }
  }

  /** What waits fails with the error, and what is asked for later. Idempotent. */
  close(error: CallError): void {
    if (this.#state.is !== 'closed') {
      this.#state = { is: 'closed', error };
      for (const { fail } of this.#waiting) {
        fail(error);
      }
    }
  }

  #prepare<Name extends RequestName>(
    name: Name,
    data: RequestData<Name>,
    options: RequestOptions<Name>,
    outcome: Deferred<RequestAnswer<Name>>,
  ): Waiting {
    const { requestId = randomId(), timeoutMs, onLateAnswer } = options;
    let hasFailed = false;
    const waiting: Waiting = {
      hasDeadline: timeoutMs !== undefined,
      silences: 0,
      send: async (request) => {
        const answer = await request(name, data, { ...options, requestId });
        this.#waiting.delete(waiting);
        outcome.resolve(answer);
        if (hasFailed) {
          onLateAnswer?.(answer);
        }
      },
      fail: (error) => {
        hasFailed = true;
        this.#waiting.delete(waiting);
        outcome.reject(error);
      },
    };

    return waiting;
  }

  #send(waiting: Waiting): void {
    const state = this.#state;
    if (state.is === 'open') {
      waiting.send(state.request).catch((error: unknown) => {
        if (this.#mayWait(waiting, error)) {
          if (state === this.#state && !(error instanceof NotConnectedError)) {
            this.#onSilent();
          }
        } else {
          waiting.fail(toCallError(error));
        }
      });
    }
  }

  /** Whether it is made again over the next connection. */
  #mayWait(waiting: Waiting, error: unknown): boolean {
    if (error instanceof NotConnectedError) {
      return true;
    }
    waiting.silences += 1;

    return error instanceof NoAnswerError && !waiting.hasDeadline && waiting.silences < maxSilences;
  }
}
