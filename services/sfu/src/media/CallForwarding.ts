import type { Clock } from '@parley/kit';
import type { CallSettings, ForwardingRule, MediaState } from '@parley/protocol';
import { CallAudio } from './audio/CallAudio.ts';
import type { CallSite } from './CallSite.ts';
import { DataHub } from './data/DataHub.ts';
import type { DataLimits } from './data/DataRate.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { CallMediaListener, CallMediaOptions } from './mediaTypes.ts';
import type { Reception } from './Reception.ts';
import type { SentStream } from './SentStream.ts';
import type { Stream } from './Stream.ts';
import { CallPictures, type PictureStats } from './video/CallPictures.ts';

export interface CallForwardingOptions {
  readonly settings: CallSettings;
  readonly dataLimits: DataLimits;
  readonly speakerIntervalMs: number;
  readonly clock: Clock;
  readonly listener: CallMediaListener;
  readonly userOf: CallMediaOptions['userOf'];
  readonly participants: () => readonly MediasoupParticipantMedia[];
  readonly streams: () => readonly SentStream[];
  readonly sites: () => readonly CallSite[];
}

/** Of all pictures that somebody could be seeing, each counted for each who could. */
export interface PictureDemand {
  readonly forwarded: number;
  /** Shown, but not at the moment. */
  readonly paused: number;
  readonly notAskedFor: number;
}

/** What the forwarding policy makes of a call at the moment. */
export interface ForwardingStats {
  readonly rulesOff: readonly ForwardingRule[];
  readonly audio: CallAudio['stats'];
  readonly pictures: PictureStats;
  readonly demand: PictureDemand;
  readonly data: DataHub['stats'];
}

/** Decides what of the media of one call goes to whom: what people hear and see, and no more. */
export class CallForwarding {
  readonly data: DataHub;
  readonly #options: CallForwardingOptions;
  readonly #audio: CallAudio;
  readonly #pictures: CallPictures;
  #speakers: readonly string[] = [];

  constructor(options: CallForwardingOptions) {
    const { settings, dataLimits, speakerIntervalMs, clock, listener, userOf } = options;
    this.#options = options;
    this.data = new DataHub({
      limits: dataLimits,
      clock,
      userOf,
      onFlood: (participantId) => listener.onExcess(participantId),
    });
    this.#pictures = new CallPictures({
      settings,
      clock,
      onEncodingsWanted: (participantId, producerId, wanted) =>
        listener.onEncodingsWanted(participantId, producerId, wanted),
    });
    this.#audio = new CallAudio({
      settings,
      speakerIntervalMs,
      clock,
      userOf,
      listeners: options.participants,
      streams: options.streams,
      sites: options.sites,
      onSpeakers: (participantIds, dominantSpeaker) => {
        this.#speakers = participantIds;
        this.#pictures.setDominant(dominantSpeaker);
        listener.onSpeakers(participantIds, dominantSpeaker);
      },
      onAudioSlots: (slots) => listener.onAudioSlots(slots),
    });
  }

  /** Who speaks now, the loudest first. */
  get speakers(): readonly string[] {
    return this.#speakers;
  }

  get stats(): ForwardingStats {
    const { rulesOff } = this.#options.settings;

    return {
      rulesOff,
      audio: this.#audio.stats,
      pictures: this.#pictures.stats,
      demand: this.#demand,
      data: this.data.stats,
    };
  }

  /** Which of the encodings of those streams anybody wants, as their senders were told it last. */
  encodingsWanted(streams: readonly SentStream[]): MediaState['encodingsWanted'] {
    return streams.flatMap((stream) => this.#pictures.encodingsWanted(stream) ?? []);
  }

  openSite(site: CallSite): Promise<void> {
    return this.#audio.openSite(site);
  }

  closeSite(site: CallSite): void {
    this.#audio.closeSite(site);
    this.data.closeSite(site);
  }

  /** Which of the streams somebody receives without asking: sound, and pictures where nobody need ask for those. */
  unaskedFor(participantId: string, streams: readonly Stream[]): readonly Stream[] {
    const heard = this.#audio.heardBy(participantId, streams);
    if (!this.#options.settings.rulesOff.includes('consumeOnRender')) {
      return heard;
    }
    const isShown = ({ kind, participantId: sender }: Stream): boolean =>
      kind === 'video' && sender !== participantId;

    return [...heard, ...streams.filter(isShown)];
  }

  /** Somebody has come or gone. */
  resized(): void {
    this.#audio.resized();
  }

  streamOpened({ id, site }: MediasoupParticipantMedia, stream: SentStream): void {
    this.#pictures.streamOpened(stream);
    for (const { id: receiverId, receptions } of this.#others(id)) {
      receptions.want(this.unaskedFor(receiverId, [stream]));
      receptions.streamOpened(stream);
    }
    if (site !== undefined) {
      this.#audio.streamOpened(site, stream);
    }
  }

  streamResized(stream: SentStream): void {
    this.#pictures.streamResized(stream);
  }

  streamLost(stream: SentStream): void {
    this.#audio.streamGone(stream);
    this.#others(stream.participantId).forEach(({ receptions }) => receptions.streamLost(stream));
  }

  streamClosed(stream: SentStream): void {
    this.#audio.streamGone(stream);
    this.#others(stream.participantId).forEach(({ receptions }) => receptions.streamClosed(stream));
    this.#pictures.streamClosed(stream);
  }

  /** What somebody receives has changed. */
  changed(participant: MediasoupParticipantMedia, reception: Reception): void {
    this.#pictures.changed(reception, participant.receptions.isFlowing(reception));
    this.#audio.changed(participant, reception);
  }

  setSpotlight(participantIds: readonly string[]): void {
    this.#pictures.setSpotlight(participantIds);
  }

  close(): void {
    this.#audio.close();
    this.#pictures.close();
  }

  get #demand(): PictureDemand {
    const demand = { forwarded: 0, paused: 0, notAskedFor: 0 };
    for (const { id, participantId } of this.#options.streams().filter(({ kind }) => kind === 'video')) {
      for (const { receptions } of this.#others(participantId)) {
        const reception = receptions.all.find(({ stream }) => stream.id === id);
        if (reception === undefined) {
          demand.notAskedFor += 1;
        } else {
          demand[receptions.isFlowing(reception) ? 'forwarded' : 'paused'] += 1;
        }
      }
    }

    return demand;
  }

  #others(participantId: string): MediasoupParticipantMedia[] {
    return this.#options.participants().filter(({ id }) => id !== participantId);
  }
}
