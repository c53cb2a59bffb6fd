import { randomUUID } from 'node:crypto';
import { createDeferred, type Clock, type Deferred } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { RoomRecord } from '../admission.ts';
import type { RedisLink } from './RedisLink.ts';

/** What every process is told of a change. */
export type AdmissionChange =
  | { readonly application: string }
  | {
      readonly room: {
        readonly applicationId: string;
        readonly roomId: string;
        readonly record?: RoomRecord;
      };
    }
  /** A subject and its moment. */
  | { readonly revoked: readonly [subject: string, beforeMs: number] }
  | { readonly complete: true };

/** Who makes a change hears of it as soon as everybody else does. */
const heardWithinMs = 2_000;

/**
 * Changes of admission, which all processes hear of in the order in which they were made. A change is made once this
 * process has heard of it too: its listeners know what its caller knows.
 */
export class AdmissionChanges {
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #marks = new Map<string, Deferred<void>>();

  constructor(link: RedisLink, clock: Clock, listener: (change: AdmissionChange) => void) {
    this.#link = link;
    this.#clock = clock;
    link.subscribe('admission', (text) => {
      const message = JSON.parse(text) as AdmissionChange | { readonly mark: string };
      if ('mark' in message) {
        this.#marks.get(message.mark)?.resolve();
      } else {
        listener(message);
      }
    });
  }

  /** Runs a script that is given a mark and `args`; rejects with `unavailable`, though it may have run. */
  async make(script: string, ...args: (string | number)[]): Promise<void> {
    const mark = randomUUID();
    const heard = createDeferred<void>();
    // Rejected before anybody waits for it, when the script takes long.
    heard.promise.catch(() => {});
    this.#marks.set(mark, heard);
    const timer = this.#clock.schedule(heardWithinMs, () =>
      heard.reject(
        new ProtocolError('unavailable', 'The backplane does not answer.', { retryAfterSeconds: 1 }),
      ),
    );
    try {
      await this.#link.run(script, mark, ...args);
      await heard.promise;
    } finally {
      timer.cancel();
      this.#marks.delete(mark);
    }
  }
}
