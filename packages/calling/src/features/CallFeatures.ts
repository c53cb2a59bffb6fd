import {
  maxChatTextLength,
  maxSpotlights,
  requestTable,
  type Action,
  type CallNotification,
  type CallSnapshot,
  type CustomItemChanges,
  type RequestAnswer,
  type RequestData,
  type RequestName,
  type Survey,
} from '@parley/protocol';
import type { CallEvents } from '../call/callTypes.ts';
import { CallError } from '../errors.ts';
import type { CollectionUpdate } from '../events.ts';
import type { Mark, RemoteParticipantImpl } from '../participants/RemoteParticipantImpl.ts';
import type { Request } from '../signaling/request.ts';
import { CallChatImpl } from './CallChatImpl.ts';
import { CustomData } from './CustomData.ts';
import type { CallMember, DtmfTone } from './featureTypes.ts';
import { Hands } from './Hands.ts';
import { MemberList, type FindMember, type Member } from './MemberList.ts';

interface CallFeaturesOptions {
  /** Of the call. */
  emit: <Name extends keyof CallEvents>(name: Name, ...args: CallEvents[Name]) => void;
  /** @throws CallError when the call has ended, or the role may not do it. */
  assertMay: (action: Action | undefined) => void;
}

/** The call that was entered. */
interface Place {
  readonly callId: string;
  /** Of this page's own participant. */
  readonly ownId: string;
  readonly request: Request;
  /** After the end of the call. */
  readonly requestLater: Request;
  readonly find: (participantId: string) => RemoteParticipantImpl | undefined;
}

/** What methods take whose arguments the protocol judges. */
const takes: Partial<Record<RequestName, string>> = {
  sendChat: `chat.send() takes a text of 1 to ${maxChatTextLength} characters.`,
  sendReaction: 'sendReaction() takes 1 to 32 characters.',
  setSpotlight: `setSpotlight() takes a list of at most ${maxSpotlights} participants, or 'own'.`,
  setCustomData: 'setCustomData() takes strings of up to 1024 characters, or null.',
};

/** What people do in a call besides sending media. */
export class CallFeatures {
  readonly chat = new CallChatImpl((text) => this.#ask('sendChat', { text }, 'sendChat'));
  readonly customData = new CustomData(() => this.#options.emit('customDataChanged'));
  readonly #options: CallFeaturesOptions;
  readonly #hands: Hands;
  readonly #spotlight: MemberList;
  readonly #speakers: MemberList;
  readonly #lists: readonly MemberList[];
  readonly #find: FindMember = (id) => (id === this.#place?.ownId ? 'own' : this.#place?.find(id));
  /** Undefined until the call is entered. */
  #place: Place | undefined;

  constructor(options: CallFeaturesOptions) {
    const { emit } = options;
    this.#options = options;
    const hands = new MemberList(this.#find, (update) => {
      this.#mark('isHandRaised', update);
      emit('raisedHandsUpdated', update);
    });
    this.#hands = new Hands(hands);
    this.#spotlight = new MemberList(this.#find, (update) => {
      this.#mark('isSpotlighted', update);
      emit('spotlightChanged');
    });
    this.#speakers = new MemberList(this.#find, () => emit('dominantSpeakersChanged'));
    this.#lists = [hands, this.#spotlight, this.#speakers];
  }

  get raisedHands(): readonly CallMember[] {
    return this.#hands.members;
  }

  get spotlight(): readonly CallMember[] {
    return this.#spotlight.members;
  }

  get dominantSpeakers(): readonly CallMember[] {
    return this.#speakers.members;
  }

  async raiseHand(): Promise<void> {
    await this.#ask('raiseHand', {}, 'raiseHand');
  }

  async lowerHand(member: CallMember): Promise<void> {
    if (member === 'own') {
      await this.#ask('lowerHand', {});
    } else {
      await this.#ask('lowerHand', { participantId: this.#idOf(member) }, 'lowerHands');
    }
  }

  async sendReaction(reaction: string): Promise<void> {
    await this.#ask('sendReaction', { reaction }, 'react');
  }

  async setSpotlight(members: readonly CallMember[]): Promise<void> {
    await this.#ask(
      'setSpotlight',
      { participantIds: Array.from(members, (one) => this.#idOf(one)) },
      'spotlight',
    );
  }

  async setCustomData(items: CustomItemChanges): Promise<void> {
    await this.#ask('setCustomData', { items }, 'setCustomData');
  }

  async submitSurvey(survey: Survey): Promise<void> {
    await this.#ask('submitSurvey', { participantId: this.#idOf('own'), survey }, 'always');
  }

  sendDtmf(tone: DtmfTone): never {
    if (!/^([\dA-D#*]|Num\d|Pound|Star|Flash)$/.test(tone)) {
      throw new TypeError('sendDtmf() takes one tone.');
    }
    this.#options.assertMay(undefined);
    throw new CallError('not_supported', 'There is no telephone leg that tones could be sent to.');
  }

  enter(place: Place): void {
    this.#place = place;
  }

  /** Takes over how things are now; to be told before the participants are, who leave without hand or spotlight. */
  follow(snapshot: CallSnapshot): void {
    const { participants, spotlight, speakers, dominantSpeaker, customData, chat } = snapshot;
    this.#hands.follow(participants);
    this.#spotlight.set(spotlight);
    this.#setSpeakers(speakers, dominantSpeaker);
    this.customData.set(customData);
    this.chat.follow(chat);
  }

  /** To be told before the participants are. */
  apply(notification: CallNotification): void {
    this.#hands.apply(notification);
    const { name, data } = notification;
    switch (name) {
      case 'participantLeft': {
        this.#spotlight.remove(data.participantId);
        break;
      }
      case 'reactionSent': {
        const participant = this.#find(data.participantId);
        if (participant !== undefined) {
          this.#options.emit('reactionReceived', { participant, reaction: data.reaction });
        }
        break;
      }
      case 'spotlightChanged': {
        this.#spotlight.set(data.participantIds);
        break;
      }
      case 'speakersChanged': {
        this.#setSpeakers(data.participantIds, data.dominantSpeaker);
        break;
      }
      case 'customDataChanged': {
        this.customData.set(data.customData);
        break;
      }
      case 'chatSent': {
        this.chat.add(data.message);
        break;
      }
      default:
    }
  }

  /** Participants have come or gone. */
  settle(): void {
    for (const list of this.#lists) {
      list.settle();
    }
  }

  /** The call is over; to be told before the participants are. */
  end(): void {
    // Before anything is told: a listener may have something to say of the call.
    if (this.#place !== undefined) {
      this.#place = { ...this.#place, request: this.#place.requestLater };
    }
    this.#hands.follow([]);
    this.#spotlight.set([]);
    this.#speakers.set([]);
  }

  #setSpeakers(speakers: readonly string[], dominant: string | undefined): void {
    this.#speakers.set([...new Set(dominant === undefined ? speakers : [dominant, ...speakers])]);
  }

  #mark(mark: Mark, { added, removed }: CollectionUpdate<Member>): void {
    for (const member of [...added, ...removed]) {
      if (member === 'own') {
        this.#options.emit(`${mark}Changed`);
      } else {
        member.mark(mark, added.includes(member));
      }
    }
  }

  /** What is no participant has an id that no request takes. */
  #idOf(member: CallMember | undefined): string {
    return (member === 'own' ? (this.#place?.ownId ?? '-') : member?.endpointId) ?? '';
  }

  /** @throws TypeError for what the protocol does not take. */
  readonly #ask = async <Name extends RequestName>(
    name: Name,
    data: Omit<RequestData<Name>, 'callId'>,
    action?: Action | 'always',
  ): Promise<RequestAnswer<Name>> => {
    // Arguments are looked at before the state of the call is, which may have no id yet.
    const { callId = '-', request } = this.#place ?? {};
    const parsed = requestTable[name].data.safeParse({ callId, ...data });
    if (!parsed.success) {
      throw new TypeError(
        `${takes[name] ?? `${name}() does not take that.`} Look at ${parsed.error.issues[0]?.path.join('.')}.`,
      );
    }
    if (action !== 'always') {
      this.#options.assertMay(action);
    }
    if (request === undefined) {
      throw new CallError('invalid_state', 'The call has not been entered yet.');
    }

    // The compiler cannot see that the schema looked up by this name makes the data of this name.
    return request(name, parsed.data as RequestData<Name>);
  };
}
