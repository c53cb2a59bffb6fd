import type { Call } from '@parley/calling';
import { readCall, watchCall, type CallView } from './callView.ts';

/** A call as a store: the same view until something has changed, as React wants it. */
export class CallWatch {
  readonly #call: Call;
  readonly #ownName: string;
  #view: CallView | undefined;
  #hasBegun = false;

  constructor(call: Call, ownName: string) {
    this.#call = call;
    this.#ownName = ownName;
  }

  readonly get = (): CallView => {
    this.#view ??= readCall(this.#call, this.#ownName, this.#hasBegun);
    this.#hasBegun = this.#view.hasBegun;

    return this.#view;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    // What changed before the subscription was heard by nobody.
    this.#view = undefined;

    return watchCall(this.#call, () => {
      this.#view = undefined;
      listener();
    });
  };
}
