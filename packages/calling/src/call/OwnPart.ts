import {
  mayDo,
  type Action,
  type CallNotification,
  type Joined,
  type Role,
  type RoomRules,
  type Snapshot,
  type ToldProducer,
} from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { LocalMedia } from './LocalMedia.ts';
import type { Publisher } from './Publisher.ts';

interface OwnPartOptions {
  media: LocalMedia;
  onRoleChanged: () => void;
  onSpeakingChanged: () => void;
  onHoldChanged: () => void;
  /** The server says that the call goes on, which this page has not asked for: it is to be held again. */
  onHoldForgotten: () => void;
}

/** This page's own part in a call: what the server says of it and does to its streams. */
export class OwnPart {
  readonly #options: OwnPartOptions;
  #id: string | undefined;
  #role: Role | undefined;
  /** Those of the call's room. */
  #rules: RoomRules | undefined;
  #isSpeaking = false;
  #isOnHold = false;
  /** What the server is being asked for, the latest. */
  #asked: { readonly isOnHold: boolean } | undefined;
  /** Undefined until the call is entered. */
  #publisher: Publisher | undefined;

  /** Before the call is entered nobody knows better. */
  readonly may = (action: Action): boolean =>
    this.#role === undefined || mayDo(this.#role, action, this.#rules);

  constructor(options: OwnPartOptions) {
    this.#options = options;
  }

  /** Undefined until the call is entered. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Undefined until the call is entered. */
  get role(): Role | undefined {
    return this.#role;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  get isOnHold(): boolean {
    return this.#isOnHold;
  }

  /** The call is entered: sends what role and room allow. */
  enter({ participantId, call }: Joined, publisher: Publisher): void {
    const { media, onRoleChanged } = this.#options;
    this.#id = participantId;
    this.#rules = call.roomRules;
    const own = call.participants.find(({ id }) => id === participantId);
    this.#role = own?.role;
    this.#publisher = publisher;
    this.#isOnHold = own?.isOnHold ?? false;
    this.#holdPublisher();
    if (this.#role !== undefined) {
      onRoleChanged();
      media.attach(publisher, this.may);
    }
  }

  /** Takes over what the server says of this part now, where single changes are not known. */
  follow({ call: { participants, roomRules, speakers }, media }: Snapshot): void {
    const own = participants.find(({ id }) => id === this.#id);
    this.#allow(own?.role ?? this.#role, roomRules);
    if (own !== undefined) {
      this.#toldOfHold(own.isOnHold);
      this.#setSpeaking(speakers.includes(own.id));
      // All that was sent is sent anew over media that is not there, also what a server that was killed has not kept.
      if (media !== undefined) {
        this.#endMissing(own.producers);
      }
      for (const { id } of own.producers.filter(({ paused }) => paused)) {
        this.#options.media.pausedByServer(id);
      }
    }
  }

  /** Silent from this moment on, while the server is being asked; heard again only when it has agreed. */
  async askForHold(isOnHold: boolean, ask: () => Promise<unknown>): Promise<void> {
    const asked = { isOnHold };
    this.#asked = asked;
    this.#holdPublisher();
    try {
      await ask();
      this.#setOnHold(isOnHold);
    } finally {
      if (this.#asked === asked) {
        this.#asked = undefined;
      }
      this.#holdPublisher();
    }
  }

  /** Does nothing for what is told of others. */
  apply({ name, data }: CallNotification): void {
    const { media } = this.#options;
    switch (name) {
      case 'speakersChanged': {
        this.#setSpeaking(this.#id !== undefined && data.participantIds.includes(this.#id));
        break;
      }
      case 'holdChanged': {
        if (data.participantId === this.#id) {
          this.#toldOfHold(data.isOnHold);
        }
        break;
      }
      case 'roleChanged': {
        if (data.participantId === this.#id) {
          this.#allow(data.role, this.#rules);
        }
        break;
      }
      case 'roomRulesChanged': {
        this.#allow(this.#role, data.roomRules);
        break;
      }
      // Nobody else's streams are known there by their ids.
      case 'producerPaused': {
        media.pausedByServer(data.producerId);
        break;
      }
      case 'producerRemoved': {
        media.endedByServer(data.producerId);
        break;
      }
      default:
    }
  }

  /** Asked of the server too; here it spares the person a question for a device that may not be used. */
  assertMay(action: Action): void {
    if (!this.may(action)) {
      throw new CallError('forbidden', `The role "${this.#role}" does not allow "${action}" in this call.`);
    }
  }

  /** What this page sends and the server does not know of was ended there. */
  #endMissing(present: readonly ToldProducer[]): void {
    for (const producerId of this.#publisher?.producerIds ?? []) {
      if (!present.some(({ id }) => id === producerId)) {
        this.#options.media.endedByServer(producerId);
      }
    }
  }

  /** A server that was killed may have forgotten the hold; nobody is heard again without a wish of their own. */
  #toldOfHold(isOnHold: boolean): void {
    if (isOnHold || !this.#isOnHold || this.#asked?.isOnHold === false) {
      this.#setOnHold(isOnHold);
    } else if (this.#asked === undefined) {
      this.#options.onHoldForgotten();
    }
  }

  #setOnHold(isOnHold: boolean): void {
    if (isOnHold !== this.#isOnHold) {
      this.#isOnHold = isOnHold;
      this.#holdPublisher();
      this.#options.onHoldChanged();
    }
  }

  #holdPublisher(): void {
    this.#publisher?.setHold(this.#isOnHold || this.#asked?.isOnHold === true ? 'held' : 'free');
  }

  /** Both at once: what the role before may not do by these rules, this one may. */
  #allow(role: Role | undefined, rules: RoomRules | undefined): void {
    const before = this.#role;
    this.#role = role;
    this.#rules = rules;
    // Before it is told, so that a listener can turn on what is allowed now.
    this.#options.media.follow(this.may);
    if (role !== before) {
      this.#options.onRoleChanged();
    }
  }

  #setSpeaking(isSpeaking: boolean): void {
    if (isSpeaking !== this.#isSpeaking) {
      this.#isSpeaking = isSpeaking;
      this.#options.onSpeakingChanged();
    }
  }
}
