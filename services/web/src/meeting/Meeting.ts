import { CallError, type Call, type CallClient, type Disposable, type IncomingCall } from '@parley/calling';
import { OwnMedia } from '../call/OwnMedia.ts';
import { callOptions, type Choices } from '../devices/choices.ts';
import { RestError, type Credentials, type RestApi } from '../session/restApi.ts';
import type { Session, SessionKeeper } from '../session/Session.ts';
import type { Notices } from '../state/Notices.ts';
import { Store } from '../state/Store.ts';
import { missedWords, texts } from '../texts.ts';
import type { CallTarget } from './outcome.ts';
import { nextPlace, type Door, type Place, type PlaceEvent } from './place.ts';

export interface MeetingOptions {
  readonly rest: RestApi;
  readonly sessions: SessionKeeper;
  readonly notices: Notices;
  /** How this tab was opened. */
  readonly door: Door;
  readonly connect: (token: string) => Promise<CallClient>;
}

export interface MeetingState {
  readonly place: Place;
  /** Incoming calls that ring now, the oldest first. */
  readonly ringing: readonly IncomingCall[];
}

/**
 * What a person does in this page, from the door to the end of a call. It owns the call client; the screens
 * show its state and call its methods, none of which rejects.
 */
export class Meeting {
  readonly #options: MeetingOptions;
  readonly #store: Store<MeetingState>;
  readonly #media = new WeakMap<Call, OwnMedia>();
  #disposers: Disposable[] = [];

  readonly get: () => MeetingState;
  readonly subscribe: (listener: () => void) => () => void;

  private constructor(options: MeetingOptions, place: Place) {
    this.#options = options;
    this.#store = new Store<MeetingState>({ place, ringing: [] });
    this.get = this.#store.get;
    this.subscribe = this.#store.subscribe;
  }

  /** Begins where the tab was before its reload, if its session was for the same door. */
  static open(options: MeetingOptions): Meeting {
    const { door, sessions } = options;
    const session = sessions.load();
    if (session === undefined || !isOf(session, door)) {
      return new Meeting(options, { at: 'door', door, attempt: { is: 'open' } });
    }
    const meeting = new Meeting(options, { at: 'returning', door });
    void meeting.#attempt(() => meeting.#enter(session));

    return meeting;
  }

  async signIn(credentials: Credentials): Promise<void> {
    this.#dispatch({ type: 'attempted', who: credentials.email });
    await this.#attempt(async () => this.#enter(await this.#options.rest.signIn(credentials)));
  }

  /** Opens a guest session with the door's code and goes straight into its room. */
  async enterAsGuest(displayName: string, choices: Choices): Promise<void> {
    const { door, rest } = this.#options;
    if (door.kind !== 'guest') {
      return;
    }
    this.#dispatch({ type: 'attempted', who: displayName });
    await this.#attempt(async () => {
      const session = await rest.openGuestSession(door.code, displayName);
      await this.#enter(session);
      if (session.kind === 'guest') {
        this.call({ kind: 'room', id: session.roomId, name: session.roomName }, choices);
      }
    });
  }

  call(target: CallTarget, choices: Choices): void {
    const { place } = this.get();
    if (place.at !== 'home') {
      return;
    }
    const options = callOptions(choices);
    try {
      const call =
        target.kind === 'person'
          ? place.client.call([target.id], options)
          : place.client.join({ roomId: target.id }, options);
      this.#follow(call, target, choices);
    } catch (error) {
      // What cannot be an id at all is, to the person who typed it, an id that nobody has.
      const reason = error instanceof TypeError ? 'not_found' : 'failed';
      this.#dispatch({ type: 'callRefused', outcome: { reason, target, endedHere: false } });
    }
  }

  /** Answers, and leaves the call one is in. */
  async accept(incomingCall: IncomingCall, choices: Choices): Promise<void> {
    const { place } = this.get();
    if (place.at !== 'home' && place.at !== 'call') {
      return;
    }
    const { client } = place;
    const { identity, displayName } = incomingCall.callerInfo;
    try {
      await this.leave();
      const call = await this.#answer(client, incomingCall, choices);
      this.#follow(call, { kind: 'person', id: identity.id, name: displayName }, choices);
    } catch {
      // An answer that failed ends the ringing with the failure as its reason, which has been told already.
      if (this.get().ringing.includes(incomingCall)) {
        this.#options.notices.show(texts.incoming.notAnswered(displayName), { tone: 'problem' });
      }
    }
    this.#stopRinging(incomingCall);
  }

  async #answer(client: CallClient, incomingCall: IncomingCall, choices: Choices): Promise<Call> {
    // A device may fail while the server still has to answer.
    const dispose = client.on('callsUpdated', ({ added }) => {
      for (const call of added) {
        this.#mediaOf(client, call, choices);
      }
    });
    try {
      return await incomingCall.accept(callOptions(choices));
    } finally {
      dispose();
    }
  }

  async decline(incomingCall: IncomingCall): Promise<void> {
    this.#stopRinging(incomingCall);
    // It may have ended in the same moment, which is what was wanted.
    await incomingCall.reject().catch(() => undefined);
  }

  async leave(): Promise<void> {
    const { place } = this.get();
    if (place.at !== 'call') {
      return;
    }
    this.#dispatch({ type: 'leaving' });
    await place.call.hangUp().catch(() => this.#dispatch({ type: 'stayed' }));
  }

  async endForEveryone(): Promise<void> {
    const { place } = this.get();
    if (place.at !== 'call') {
      return;
    }
    this.#dispatch({ type: 'leaving' });
    try {
      await place.call.hangUp({ forEveryone: true });
    } catch (error) {
      this.#dispatch({ type: 'stayed' });
      const isForbidden = error instanceof CallError && error.code === 'forbidden';
      this.#options.notices.show(isForbidden ? texts.call.mayNotEnd : texts.call.actionFailed, {
        tone: 'problem',
      });
    }
  }

  dismissOutcome(): void {
    this.#dispatch({ type: 'outcomeDismissed' });
  }

  async signOut(): Promise<void> {
    await this.#endSession();
  }

  async #attempt(enter: () => Promise<void>): Promise<void> {
    try {
      await enter();
    } catch (error) {
      const code = error instanceof RestError || error instanceof CallError ? error.code : 'internal';
      // A session that is no good any more must not meet the next reload; a server that is away keeps it.
      if (code !== 'unreachable' && code !== 'unavailable' && code !== 'timeout') {
        this.#options.sessions.clear();
      }
      this.#dispatch({ type: 'refused', code });
    }
  }

  async #enter(session: Session): Promise<void> {
    const client = await this.#options.connect(session.token);
    this.#options.sessions.save(session);
    this.#disposers = [
      client.on('incomingCall', (incomingCall) => this.#ring(incomingCall)),
      client.on('connectionStateChanged', () => {
        if (client.connectionState === 'Disconnected' && client.disconnectReason !== undefined) {
          void this.#endSession(client.disconnectReason.code);
        }
      }),
    ];
    this.#dispatch({ type: 'entered', client, session });
  }

  /** Goes to the door at once, and resolves when the devices are off and the connection is closed. */
  async #endSession(code?: string): Promise<void> {
    const { place } = this.get();
    this.#options.sessions.clear();
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
    this.#store.set({ ...this.get(), ringing: [] });
    this.#dispatch({ type: 'sessionEnded', ...(code === undefined ? {} : { code }) });
    if (place.at === 'home' || place.at === 'call') {
      await place.client.dispose();
    }
  }

  #mediaOf(client: CallClient, call: Call, choices: Choices): OwnMedia {
    const known = this.#media.get(call);
    if (known !== undefined) {
      return known;
    }
    const media = new OwnMedia(call, {
      devices: client.deviceManager,
      notices: this.#options.notices,
      startsWithCamera: choices.camera,
    });
    this.#media.set(call, media);

    return media;
  }

  #follow(call: Call, target: CallTarget, choices: Choices): void {
    const { place } = this.get();
    if (place.at !== 'home' && place.at !== 'call') {
      return;
    }
    const { client } = place;
    const lookForEnd = (): void => {
      if (call.state === 'Disconnected') {
        this.#dispatch({ type: 'callEnded', call, reason: call.callEndReason?.name ?? 'failed' });
      }
    };
    call.on('stateChanged', lookForEnd);
    const media = this.#mediaOf(client, call, choices);
    this.#dispatch({ type: 'callStarted', call, target, media });
    // A call just accepted may have ended while its answer was on the way.
    lookForEnd();
  }

  #ring(incomingCall: IncomingCall): void {
    const { ringing, place } = this.get();
    this.#store.set({ place, ringing: [...ringing, incomingCall] });
    incomingCall.once('callEnded', ({ callEndReason }) => {
      // One that this page declined has left the list already and needs no words.
      if (this.get().ringing.includes(incomingCall)) {
        this.#stopRinging(incomingCall);
        this.#options.notices.show(missedWords(callEndReason.name, incomingCall.callerInfo.displayName));
      }
    });
  }

  #stopRinging(incomingCall: IncomingCall): void {
    const { ringing, place } = this.get();
    this.#store.set({ place, ringing: ringing.filter((other) => other !== incomingCall) });
  }

  #dispatch(event: PlaceEvent): void {
    const { ringing, place } = this.get();
    this.#store.set({ ringing, place: nextPlace(place, event) });
  }
}

function isOf(session: Session, door: Door): boolean {
  return door.kind === 'guest'
    ? session.kind === 'guest' && session.code === door.code
    : session.kind === 'user';
}
