import { createStateMachine, InterruptibleClock, type Clock, type Timer } from '@parley/kit';
import {
  standardCallSettings,
  type CallNotification,
  type CallSnapshot,
  type Entered,
  type IceServer,
  type Joined,
  type Resumed,
  type Waiting,
} from '@parley/protocol';
import { endReasonOf, toCallEndReason, type CallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import {
  answerTimeoutMs,
  NotConnectedError,
  type Request,
  type RequestOptions,
} from '../signaling/request.ts';
import { RequestGate } from '../signaling/RequestGate.ts';
import type { ServerLink } from '../signaling/ServerLink.ts';
import { isNumbered } from '../signaling/wire.ts';
import { askToResume } from './askToResume.ts';
import { NumberedStream } from './NumberedStream.ts';
import { redirectTarget } from './redirectTarget.ts';

/*
 *   entering ──let in──▶ present ──connection lost──▶ lost
 *      │  │                │   ▲                      │ │ ▲
 *      │  │                │   └─── resume answered ──┘ │ │
 *      │  └────────────────┼──── let in, but over a ────┼─┘
 *      │                   │     connection since lost  │
 *      └───────────────────┴─── stopped, close() ───────┴──▶ closed
 */
const transitions = {
  entering: ['present', 'lost', 'closed'],
  present: ['lost', 'closed'],
  lost: ['present', 'closed'],
  closed: [],
} as const;

/** Longest wait for the server to confirm that this participant has left. */
const leaveTimeoutMs = 3_000;

/** The server may notice the loss somewhat later than this side, and keeps the place from then on. */
const graceMarginMs = 2_000;

/** More than that in a row lead in circles. */
const maxRedirects = 4;

/** The answers that lead back into the call. */
export type CaughtUp = Exclude<Resumed, { action: 'stop' | 'redirect' }>;

export interface CallListener {
  onNotification(notification: CallNotification): void;
  /** Everything as it is now, where single changes are not known. */
  onSnapshot(snapshot: CallSnapshot): void;
  /** The connection is lost; what is requested waits. */
  onLost(): void;
  /** Back in one's place; what was missed has been told. What is requested goes out again after this. */
  onResumed(answer: CaughtUp): void;
  /** The place is gone. */
  onEnded(reason: CallEndReason): void;
}

export interface CallConnectionOptions {
  /** The connection of the user, which the call shares until the server sends it elsewhere. */
  home: ServerLink;
  /** Connects to another server of the service. */
  openLink: (endpoint: string, resumeTokens: () => string[]) => ServerLink;
  clock: Clock;
  logger: Logger;
  /** Called once. */
  onClosed: () => void;
}

/** This client's place in the call. */
interface Place {
  readonly callId: string;
  readonly graceMs: number;
  resumeToken: string;
}

type EnterOptions = Pick<RequestOptions<'joinRoom'>, 'onLateAnswer'>;

/** The way to one call: into it, back to the place after a loss, and along to the server that the call has moved to. */
export class CallConnection {
  readonly #options: CallConnectionOptions;
  readonly #machine = createStateMachine<keyof typeof transitions>({
    name: 'call connection',
    initial: 'entering',
    transitions,
  });
  readonly #notifications: NumberedStream;
  /** Of the pauses between two tries to resume. */
  readonly #pauses: InterruptibleClock;
  #gate = new RequestGate();
  #link: ServerLink;
  #unsubscribe: () => void = () => {};
  #listener: CallListener | undefined;
  #place: Place | undefined;
  /** When it is too late for a connection. */
  #deadline: Timer | undefined;
  /** The request to enter may have been carried out over a connection that was lost since. */
  #isEntryOfLostConnection = false;
  #redirects = 0;
  #leaving: Promise<void> | undefined;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    this.#pauses = new InterruptibleClock(options.clock);
    this.#notifications = new NumberedStream({
      onNotification: (notification) => this.#listener?.onNotification(notification),
      onGap: () => void this.#fetchSnapshot(),
    });
    this.#link = options.home;
    this.#attach();
  }

  /** What is asked while the connection is lost waits for the next one, for as long as the place is kept. */
  readonly request: Request = (name, data, options) => this.#gate.request(name, data, options);

  /** Over the connection of this moment or not at all. */
  readonly requestNow: Request = (name, data, options) =>
    this.isPresent ? this.#link.request(name, data, options) : Promise.reject(new NotConnectedError());

  /** What to find a path with. */
  get iceServers(): readonly IceServer[] {
    return this.#link.welcome?.iceServers ?? [];
  }

  /** The place is kept while the connection is lost. */
  get isLost(): boolean {
    return this.#machine.state === 'lost';
  }

  /** In the place, over a connection. */
  get isPresent(): boolean {
    return this.#machine.state === 'present';
  }

  /** What admits the user's own connection to resume this call over it. */
  get homeResumeToken(): string | undefined {
    return this.#link === this.#options.home ? this.#place?.resumeToken : undefined;
  }

  /**
   * Asks to be let into the call, wherever the server sends this client for that.
   * @throws CallError when it may not enter, or there is no connection.
   */
  async enter(ask: (request: Request, options: EnterOptions) => Promise<Entered>): Promise<Joined | Waiting> {
    for (;;) {
      const entered = await ask(this.request, { onLateAnswer: (late) => this.#leaveLate(late) });
      if (entered.action !== 'redirect') {
        this.begin(entered);

        return entered;
      }
      this.#isEntryOfLostConnection = false;
      this.#moveTo(entered.url);
    }
  }

  /** The place is this one from now on; after the lobby it is another. */
  begin({ action, call, resumeToken, sequence }: Joined | Waiting): void {
    const { reconnectSeconds } = action === 'joined' ? call.settings : standardCallSettings;
    this.#place = { callId: call.id, graceMs: reconnectSeconds * 1000, resumeToken };
    this.#notifications.begin(call.id, sequence);
    this.#redirects = 0;
  }

  /** From now on the listener is told of the call, at once what came since the answer to `enter`. */
  listen(listener: CallListener): void {
    this.#listener = listener;
    this.#takePlace();
  }

  /** The network has changed: what was to be tried later is tried now. */
  hurry(): void {
    this.#link.hurry();
    this.#pauses.interrupt();
  }

  /** The server does not answer over this connection any more: makes another. */
  giveUpConnection(): void {
    this.#link.giveUpConnection();
  }

  /**
   * Leaves the call, of which nothing is told any more. Resolves when the server knows, or after a while: without a
   * connection it is told when there is one, should the place still be there. Idempotent.
   */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave();

    return this.#leaving;
  }

  /** The call is over; `leave()` goes on when it was begun. Idempotent. */
  close(): void {
    if (this.#leaving === undefined) {
      this.#end(new NotConnectedError());
    }
  }

  #takePlace(): void {
    if (this.#machine.state !== 'entering') {
      return;
    }
    if (this.#isEntryOfLostConnection || this.#link.state !== 'connected') {
      this.#lose();
    } else {
      this.#machine.go('present');
      this.#notifications.flow();
    }
  }

  /** Nobody can be told any more. Idempotent. */
  abandon(): void {
    this.#end(new NotConnectedError());
  }

  async #leave(): Promise<void> {
    const { clock, logger } = this.#options;
    this.#listener = undefined;
    this.#gate.close(new CallError('invalid_state', 'The call was hung up.'));
    if (this.#place === undefined || this.#machine.state === 'closed') {
      this.#end(new NotConnectedError());

      return;
    }
    this.#takePlace();
    this.#gate = new RequestGate();
    if (this.isPresent) {
      this.#gate.open(this.#link.request);
    }
    const { callId } = this.#place;
    await new Promise<void>((resolve) => {
      const enough = clock.schedule(leaveTimeoutMs, resolve);
      this.request('leaveCall', { callId }, { timeoutMs: leaveTimeoutMs })
        .catch((error: unknown) => {
          logger.debug('leaving was not confirmed', { callId, code: toCallError(error).code });
        })
        .finally(() => {
          enough.cancel();
          this.#end(new NotConnectedError());
          resolve();
        });
    });
  }

  #leaveLate(late: Entered): void {
    if (late.action !== 'redirect') {
      this.#link.request('leaveCall', { callId: late.call.id }).catch(() => {});
    }
  }

  /** @throws CallError when this goes on for too long, or the place is none to go to. */
  #moveTo(url: string): void {
    const { home, openLink } = this.#options;
    this.#redirects += 1;
    if (this.#redirects > maxRedirects) {
      throw new CallError('internal', 'The servers send this client around in circles.');
    }
    const endpoint = redirectTarget(url, this.#link.endpoint);
    this.#gate.hold();
    this.#detach();
    this.#link =
      endpoint === redirectTarget(home.endpoint, home.endpoint)
        ? home
        : openLink(endpoint, () => (this.#place === undefined ? [] : [this.#place.resumeToken]));
    this.#attach();
  }

  #attach(): void {
    const link = this.#link;
    const subscriptions = [
      link.on('welcomed', () => this.#connected()),
      link.on('lost', () => this.#lost()),
      link.on('ended', (reason) => this.#end(reason ?? new NotConnectedError())),
      link.on('notification', (heard) => {
        if (isNumbered(heard)) {
          this.#notifications.hear(heard);
        }
      }),
    ];
    this.#unsubscribe = () => subscriptions.forEach((unsubscribe) => unsubscribe());
    if (link.state === 'connected') {
      this.#connected();
    } else if (link.state === 'ended') {
      this.#end(link.reason ?? new NotConnectedError());
    } else if (this.#machine.state === 'entering') {
      this.#allow(answerTimeoutMs);
    }
  }

  #detach(): void {
    this.#unsubscribe();
    if (this.#link !== this.#options.home) {
      this.#link.close();
    }
  }

  #connected(): void {
    switch (this.#machine.state) {
      case 'entering': {
        this.#deadline?.cancel();
        this.#gate.open(this.#link.request);
        break;
      }
      case 'lost': {
        void this.#resume();
        break;
      }
      default:
    }
  }

  #lost(): void {
    this.#gate.hold();
    this.#pauses.interrupt();
    switch (this.#machine.state) {
      case 'entering': {
        this.#isEntryOfLostConnection = true;
        this.#allow(answerTimeoutMs);
        break;
      }
      case 'present': {
        this.#lose();
        break;
      }
      default:
    }
  }

  #lose(): void {
    this.#machine.go('lost');
    this.#gate.hold();
    this.#notifications.halt();
    this.#allow((this.#place?.graceMs ?? 0) + graceMarginMs);
    this.#listener?.onLost();
    if (this.#link.state === 'connected') {
      void this.#resume();
    }
  }

  /** For so long there may be no connection. */
  #allow(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.clock.schedule(ms, () => this.#end(new NotConnectedError()));
  }

  async #resume(): Promise<void> {
    const place = this.#place;
    if (place === undefined) {
      return;
    }
    const { callId, resumeToken } = place;
    const { sequence } = this.#notifications;
    try {
      const answer = await askToResume(
        this.#link,
        { callId, resumeToken, sequence },
        {
          clock: this.#pauses,
          isWanted: () => this.#machine.state === 'lost',
        },
      );
      if (answer !== undefined && this.#machine.state === 'lost') {
        this.#resumed(place, answer);
      }
    } catch (error) {
      this.#end(toCallError(error));
    }
  }

  #resumed(place: Place, answer: Resumed): void {
    if (answer.action === 'stop') {
      this.#end(new NotConnectedError(), toCallEndReason(answer.reason));
    } else if (answer.action === 'redirect') {
      this.#moveTo(answer.url);
    } else {
      place.resumeToken = answer.resumeToken;
      this.#redirects = 0;
      this.#deadline?.cancel();
      this.#machine.go('present');
      if (answer.snapshot !== undefined) {
        this.#listener?.onSnapshot(answer.snapshot.call);
      }
      this.#notifications.caughtUp(answer.missed, answer.sequence);
      this.#listener?.onResumed(answer);
      if (this.isPresent) {
        this.#gate.open(this.#link.request);
      }
    }
  }

  async #fetchSnapshot(): Promise<void> {
    const callId = this.#place?.callId;
    if (callId === undefined) {
      return;
    }
    try {
      const { sequence, call } = await this.requestNow('getSnapshot', { callId });
      if (this.#notifications.isWaiting) {
        this.#listener?.onSnapshot(call);
        this.#notifications.repaired(sequence);
      }
    } catch (error) {
      // Coming back to the place over another connection makes up for what is missing, too.
      if (!(error instanceof NotConnectedError)) {
        this.giveUpConnection();
      }
    }
  }

  #end(error: CallError, reason: CallEndReason = endReasonOf(error)): void {
    if (this.#machine.state === 'closed') {
      return;
    }
    this.#machine.go('closed');
    this.#deadline?.cancel();
    this.#detach();
    this.#notifications.halt();
    this.#pauses.interrupt();
    this.#gate.close(error);
    this.#options.onClosed();
    this.#listener?.onEnded(reason);
    this.#listener = undefined;
  }
}
