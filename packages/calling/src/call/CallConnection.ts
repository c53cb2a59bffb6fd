import { createStateMachine, InterruptibleClock, type Clock, type Timer } from '@parley/kit';
import {
  standardCallSettings,
  type Entered,
  type IceServer,
  type Joined,
  type Resumed,
  type Waiting,
} from '@parley/protocol';
import { endReasonOf, toCallEndReason, type CallEndReason } from '../endReason.ts';
import { CallError, toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { answerTimeoutMs, NotConnectedError, type EnterOptions, type Request } from '../signaling/request.ts';
import { RequestGate } from '../signaling/RequestGate.ts';
import type { ServerLink } from '../signaling/ServerLink.ts';
import { askForSnapshot } from './askForSnapshot.ts';
import { askToResume } from './askToResume.ts';
import type { CallListener } from './CallListener.ts';
import { CallRoute } from './CallRoute.ts';
import { leaveCall } from './leaveCall.ts';
import { NumberedStream } from './NumberedStream.ts';

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

/** The server may notice the loss somewhat later than this side, and keeps the place from then on. */
const graceMarginMs = 2_000;

export interface CallConnectionOptions {
  /** The connection of the user, which the call shares until the server sends it elsewhere. */
  home: ServerLink;
  /** Connects to another server of the service. */
  openLink: (endpoint: string) => ServerLink;
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

/** The way to one call: into it, back to the place after a loss, and along to the server that the call has moved to. */
export class CallConnection {
  readonly #options: CallConnectionOptions;
  readonly #machine = createStateMachine<keyof typeof transitions>({
    name: 'call connection',
    initial: 'entering',
    transitions,
  });
  readonly #notifications: NumberedStream;
  readonly #route: CallRoute;
  /** Of the pauses between two tries to resume, or to be told what is missing. */
  readonly #pauses: InterruptibleClock;
  #gate = new RequestGate(() => this.giveUpConnection());
  #listener: CallListener | undefined;
  #place: Place | undefined;
  /** When it is too late for a connection. */
  #deadline: Timer | undefined;
  /** The request to enter may have been carried out over a connection that was lost since. */
  #isEntryOfLostConnection = false;
  #leaving: Promise<void> | undefined;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    this.#pauses = new InterruptibleClock(options.clock);
    this.#notifications = new NumberedStream({
      onNotification: (notification) => this.#listener?.onNotification(notification),
      onGap: (vainRepairs) => void this.#fetchSnapshot(vainRepairs),
    });
    this.#route = new CallRoute({
      home: options.home,
      openLink: options.openLink,
      onConnected: () => this.#connected(),
      onLost: () => this.#lost(),
      onEnded: (reason) => this.#end(reason),
      onNumbered: (numbered) => this.#notifications.hear(numbered),
    });
  }

  /** To be called once, when the owner can be told of the end: where no connection will come, it ends at once. */
  start(): void {
    this.#arrive();
  }

  /** What is asked while the connection is lost waits for the next one, for as long as the place is kept. */
  readonly request: Request = (name, data, options) => this.#gate.request(name, data, options);

  /** Over the connection of this moment or not at all. */
  readonly requestNow: Request = (name, data, options) =>
    this.isPresent ? this.#route.link.request(name, data, options) : Promise.reject(new NotConnectedError());

  /** What to find a path with, by a server that says it in no other way; their credentials may have run out since. */
  get iceServers(): readonly IceServer[] {
    return this.#route.link.welcome?.iceServers ?? [];
  }

  /** Of the server that the call is on, or was in the end. */
  get endpoint(): string {
    return this.#route.link.endpoint;
  }

  /** The place is kept while the connection is lost. */
  get isLost(): boolean {
    return this.#machine.state === 'lost';
  }

  /** In the place, over a connection. */
  get isPresent(): boolean {
    return this.#machine.state === 'present';
  }

  /** What admits a connection on which this call is going to be resumed. */
  get resumeTokens(): string[] {
    return this.#place === undefined ? [] : [this.#place.resumeToken];
  }

  /**
   * Asks to be let into the call, wherever the server sends this client for that.
   * @throws CallError when it may not enter, or there is no connection.
   */
  async enter(ask: (request: Request, options: EnterOptions) => Promise<Entered>): Promise<Joined | Waiting> {
    for (;;) {
      const entered = await ask(this.request, {
        timeoutMs: answerTimeoutMs,
        onLateAnswer: (late) => this.#leaveLate(late),
      });
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
    this.#route.arrived();
  }

  /** From now on the listener is told of the call, at once what came since the answer to `enter`. */
  listen(listener: CallListener): void {
    this.#listener = listener;
    this.#takePlace();
  }

  /** The network has changed: what was to be tried later is tried now. */
  hurry(): void {
    this.#route.link.hurry();
    this.#pauses.interrupt();
  }

  /** The server does not answer over this connection any more: makes another. */
  giveUpConnection(): void {
    this.#route.link.giveUpConnection();
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
      this.#end(new CallError('invalid_state', 'The call has ended.'));
    }
  }

  /** Nobody can be told any more. Idempotent. */
  abandon(): void {
    this.#end(new NotConnectedError());
  }

  #takePlace(): void {
    if (this.#machine.state !== 'entering') {
      return;
    }
    if (this.#isEntryOfLostConnection || this.#route.link.state !== 'connected') {
      this.#lose();
    } else {
      this.#machine.go('present');
      this.#notifications.flow();
    }
  }

  async #leave(): Promise<void> {
    this.#listener = undefined;
    this.#gate.close(new CallError('invalid_state', 'The call was hung up.'));
    if (this.#place === undefined || this.#machine.state === 'closed') {
      this.#end(new NotConnectedError());

      return;
    }
    this.#takePlace();
    this.#gate = new RequestGate(() => this.giveUpConnection());
    if (this.isPresent) {
      this.#gate.open(this.#route.link.request);
    }
    await leaveCall(this.request, this.#place.callId, {
      ...this.#options,
      onOver: () => this.#end(new NotConnectedError()),
    });
  }

  #leaveLate(late: Entered): void {
    if (late.action !== 'redirect') {
      this.#route.link.request('leaveCall', { callId: late.call.id }).catch(() => {});
    }
  }

  #moveTo(url: string): void {
    this.#gate.hold();
    this.#route.moveTo(url);
    this.#arrive();
  }

  /** Over the link of this moment, in whatever state it is. */
  #arrive(): void {
    const { state, reason } = this.#route.link;
    if (state === 'connected') {
      this.#connected();
    } else if (state === 'ended') {
      this.#end(reason ?? new NotConnectedError());
    } else if (this.#machine.state === 'entering') {
      this.#allow(answerTimeoutMs);
    }
  }

  #connected(): void {
    switch (this.#machine.state) {
      case 'entering': {
        this.#deadline?.cancel();
        this.#gate.open(this.#route.link.request);
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
    if (this.#route.link.state === 'connected') {
      void this.#resume();
    }
  }

  /** For so long there may be no connection. */
  #allow(ms: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.clock.schedule(ms, () => this.#end(new NotConnectedError()));
  }

  async #resume(): Promise<void> {
    if (this.#place === undefined) {
      return;
    }
    const { callId, resumeToken } = this.#place;
    const { sequence } = this.#notifications;
    try {
      const answer = await askToResume(
        this.#route.link,
        { callId, resumeToken, sequence },
        { clock: this.#pauses, isWanted: () => this.isLost },
      );
      if (answer !== undefined && this.isLost) {
        this.#resumed(answer);
      }
    } catch (error) {
      this.#end(toCallError(error));
    }
  }

  #resumed(answer: Resumed): void {
    if (answer.action === 'stop') {
      this.#end(new CallError('invalid_state', 'The call has ended.'), toCallEndReason(answer.reason));
    } else if (answer.action === 'redirect') {
      this.#moveTo(answer.url);
    } else {
      this.#route.arrived();
      this.#deadline?.cancel();
      this.#machine.go('present');
      if (answer.snapshot !== undefined) {
        this.#listener?.onSnapshot(answer.snapshot);
      }
      this.#notifications.caughtUp(answer.missed, answer.sequence);
      if (this.#place !== undefined) {
        this.#place.resumeToken = answer.resumeToken;
      }
      this.#listener?.onResumed(answer);
      if (this.isPresent) {
        this.#gate.open(this.#route.link.request);
      }
    }
  }

  async #fetchSnapshot(vainRepairs: number): Promise<void> {
    if (this.#place === undefined) {
      return;
    }
    const snapshot = await askForSnapshot(this.#place.callId, {
      vainRepairs,
      request: this.requestNow,
      clock: this.#pauses,
      giveUpConnection: () => this.giveUpConnection(),
    });
    if (snapshot !== undefined && this.#notifications.isWaiting) {
      this.#listener?.onSnapshot(snapshot);
      this.#notifications.repaired(snapshot.sequence);
    }
  }

  #end(error: CallError, reason: CallEndReason = endReasonOf(error)): void {
    if (this.#machine.state === 'closed') {
      return;
    }
    this.#machine.go('closed');
    this.#deadline?.cancel();
    this.#route.close();
    this.#notifications.halt();
    this.#pauses.interrupt();
    this.#gate.close(error);
    this.#options.onClosed();
    this.#listener?.onEnded(reason);
    this.#listener = undefined;
  }
}
