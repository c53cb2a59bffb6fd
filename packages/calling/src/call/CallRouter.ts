import type { CallNotification } from '@parley/protocol';

type Deliver = (notification: CallNotification) => void;

/** Room for what may come early; a call's first notifications are few. */
const maxEarly = 200;

/**
 * Brings notifications to the calls they name. What is told of a call before the answer that names it has
 * arrived waits for that answer: a callee may decline before the caller knows the call's id.
 */
export class CallRouter {
  readonly #routes = new Map<string, Deliver>();
  #entering = 0;
  #early: CallNotification[] = [];

  deliver(notification: CallNotification): void {
    const route = this.#routes.get(notification.data.callId);
    if (route !== undefined) {
      route(notification);
    } else if (this.#entering > 0 && this.#early.length < maxEarly) {
      this.#early.push(notification);
    }
  }

  /** A call is about to be entered; call the returned function when its answer is there, or will not come. */
  expect(): () => void {
    this.#entering += 1;

    return () => {
      this.#entering -= 1;
      if (this.#entering === 0) {
        this.#early = [];
      }
    };
  }

  /** Delivers to `route` what is told of the call, what came early first, until the returned function is called. */
  open(callId: string, route: Deliver): () => void {
    this.#routes.set(callId, route);
    const early = this.#early.filter(({ data }) => data.callId === callId);
    this.#early = this.#early.filter(({ data }) => data.callId !== callId);
    for (const notification of early) {
      route(notification);
    }

    return () => {
      if (this.#routes.get(callId) === route) {
        this.#routes.delete(callId);
      }
    };
  }
}
