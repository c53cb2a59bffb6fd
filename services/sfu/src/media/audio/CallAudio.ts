import type { Clock, Timer } from '@parley/kit';
import type { AudioSlot, CallSettings } from '@parley/protocol';
import type { CallSite } from '../CallSite.ts';
import type { CallMediaOptions } from '../mediaTypes.ts';
import type { Reception } from '../Reception.ts';
import type { Receptions } from '../Receptions.ts';
import type { SentStream } from '../SentStream.ts';
import type { Stream } from '../Stream.ts';
import { AudioSlots } from './AudioSlots.ts';
import { CallSpeakers } from './CallSpeakers.ts';

/** By how many participants a call must shrink again until everyone is heard: the last one may come and go. */
const hysteresis = 2;

/** A listener who has not switched back by then is not waited for: the slots cost what they cost. */
const switchLimitMs = 10_000;

/** Somebody who hears the call. */
export interface Listener {
  readonly id: string;
  readonly receptions: Receptions;
}

export interface CallAudioOptions {
  readonly settings: CallSettings;
  readonly speakerIntervalMs: number;
  readonly clock: Clock;
  readonly userOf: CallMediaOptions['userOf'];
  readonly listeners: () => readonly Listener[];
  /** What is sent, or will be again. */
  readonly streams: () => readonly SentStream[];
  readonly sites: () => readonly CallSite[];
  readonly onSpeakers: (participantIds: readonly string[], dominantSpeaker: string | undefined) => void;
  readonly onAudioSlots: (slots: readonly AudioSlot[]) => void;
}

/**
 * How the participants are heard. Until the slots are ready at every site, and as long as somebody still listens to
 * them, both ways are open side by side: each listener closes the one when they have resumed the other.
 *
 *            grown               ready
 *   direct ────────► opening ────────► slots
 *     ▲ ▲               │               │ ▲
 *     │ └───────────────┘        shrunk ▼ │ grown
 *     │      shrunk, failed           closing
 *     └──────────────────────────────────┘
 *                all have switched
 */
type Mode =
  | { readonly state: 'direct' }
  | { readonly state: 'opening'; readonly slots: AudioSlots }
  | { readonly state: 'slots'; readonly slots: AudioSlots }
  | { readonly state: 'closing'; readonly slots: AudioSlots; readonly limit: Timer };

/**
 * Who hears whom in one call. In a small call everyone hears everybody else; in a large one everyone hears the slots, which
 * carry the loudest.
 */
export class CallAudio {
  readonly #options: CallAudioOptions;
  readonly #speakers: CallSpeakers;
  #mode: Mode = { state: 'direct' };

  constructor(options: CallAudioOptions) {
    const { speakerIntervalMs, onSpeakers } = options;
    this.#options = options;
    this.#speakers = new CallSpeakers({ intervalMs: speakerIntervalMs, onSpeakers });
  }

  get stats(): { readonly mode: Mode['state']; readonly slots: AudioSlots['stats'] | undefined } {
    return { mode: this.#mode.state, slots: this.#slots?.stats };
  }

  async openSite(site: CallSite): Promise<void> {
    await Promise.all([this.#speakers.openSite(site), this.#slots?.openSite(site)]);
  }

  closeSite(site: CallSite): void {
    this.#speakers.closeSite(site);
  }

  /** Which of the streams somebody who enters is to hear. */
  heardBy(participantId: string, streams: readonly Stream[]): readonly Stream[] {
    const heard = streams.filter(
      ({ kind, participantId: sender }) => kind === 'audio' && sender !== participantId,
    );

    return this.#mode.state === 'slots'
      ? [...heard.filter(({ source }) => source !== 'microphone'), ...this.#mode.slots.slots]
      : heard;
  }

  /** Somebody has come or gone: the call may be large now, or small again. */
  resized(): void {
    const { settings } = this.#options;
    const count = this.#options.listeners().length;
    if (count > settings.everyoneHeardUpTo && !settings.rulesOff.includes('loudestAudio')) {
      this.#grow();
    } else if (count <= Math.max(1, settings.everyoneHeardUpTo - hysteresis)) {
      this.#shrink();
    }
  }

  streamOpened(site: CallSite, stream: SentStream): void {
    if (stream.source === 'microphone') {
      this.#speakers.add(site, stream.id);
      this.#hear(site, stream);
    }
  }

  /** Nobody sends it, for the time being or for good. */
  streamGone({ id }: Stream): void {
    this.#slots?.forget(id);
  }

  /** What somebody receives has changed: they may have switched from the one way of hearing to the other. */
  changed({ id, receptions }: Listener, { stream }: Reception): void {
    if (stream.kind !== 'audio' || this.#mode.state === 'direct' || this.#mode.state === 'opening') {
      return;
    }
    const { state, slots } = this.#mode;
    const isSlot = slots.slots.some((slot) => slot === stream);
    if (state === 'slots' && isSlot) {
      receptions.setOwn(stream.id, slots.slotOf(id) === stream);
      this.#leaveDirect(receptions, slots);
    } else if (state === 'closing') {
      this.#leaveSlots({ id, receptions }, slots);
      this.#closeWhenDeserted();
    }
  }

  close(): void {
    if (this.#mode.state === 'closing') {
      this.#mode.limit.cancel();
    }
    this.#slots?.close();
    this.#mode = { state: 'direct' };
  }

  get #slots(): AudioSlots | undefined {
    return this.#mode.state === 'direct' ? undefined : this.#mode.slots;
  }

  #grow(): void {
    if (this.#mode.state === 'direct') {
      void this.#open(this.#newSlots());
    } else if (this.#mode.state === 'closing') {
      this.#mode.limit.cancel();
      this.#offer(this.#mode.slots);
    }
  }

  async #open(slots: AudioSlots): Promise<void> {
    this.#mode = { state: 'opening', slots };
    const isCurrent = (): boolean => this.#mode.state === 'opening' && this.#mode.slots === slots;
    try {
      await Promise.all(this.#options.sites().map((site) => slots.openSite(site)));
    } catch {
      // A worker has died meanwhile: everyone is heard as before, until somebody comes or goes.
      if (isCurrent()) {
        this.#forgetSlots(slots);
      }

      return;
    }
    if (isCurrent()) {
      for (const stream of this.#options.streams()) {
        const site = this.#siteOf(stream);
        if (stream.source === 'microphone' && site !== undefined) {
          this.#hear(site, stream, slots);
        }
      }
      this.#offer(slots);
    }
  }

  /** Everyone is to hear the slots from now on. */
  #offer(slots: AudioSlots): void {
    this.#mode = { state: 'slots', slots };
    this.#speakers.setListening(false);
    this.#options.listeners().forEach(({ receptions }) => receptions.want(slots.slots));
    this.#options.onAudioSlots(slots.carried);
  }

  #shrink(): void {
    if (this.#mode.state === 'opening') {
      this.#forgetSlots(this.#mode.slots);
    } else if (this.#mode.state === 'slots') {
      const { slots } = this.#mode;
      const limit = this.#options.clock.schedule(switchLimitMs, () => this.#closeSlots(slots));
      this.#mode = { state: 'closing', slots, limit };
      this.#speakers.setListening(true);
      for (const listener of this.#options.listeners()) {
        listener.receptions.want(this.heardBy(listener.id, this.#options.streams()));
        this.#leaveSlots(listener, slots);
      }
      this.#closeWhenDeserted();
    }
  }

  /** A listener to whom all slots are open need not hear anybody else's microphone. */
  #leaveDirect(receptions: Receptions, slots: AudioSlots): void {
    const byStream = new Map(receptions.all.map((reception) => [reception.stream.id, reception]));
    if (slots.slots.every(({ id }) => isResumed(byStream.get(id)))) {
      const direct = receptions.all.filter(
        ({ stream }) => stream.source === 'microphone' && stream.participantId !== undefined,
      );
      receptions.refuse(direct.map(({ stream }) => stream.id));
    }
  }

  /** A listener to whom all microphones are open need not hear the slots. */
  #leaveSlots({ id, receptions }: Listener, slots: AudioSlots): void {
    const byStream = new Map(receptions.all.map((reception) => [reception.stream.id, reception]));
    const sent = this.#options.streams().filter((stream) => isSentByOthers(stream, id));
    if (sent.every((stream) => isResumed(byStream.get(stream.id)))) {
      receptions.refuse(slots.slots.map((slot) => slot.id).filter((slotId) => receptions.has(slotId)));
    }
  }

  #closeWhenDeserted(): void {
    if (this.#mode.state === 'closing') {
      const { slots } = this.#mode;
      const isUsed = ({ receptions }: Listener): boolean => slots.slots.some(({ id }) => receptions.has(id));
      if (!this.#options.listeners().some(isUsed)) {
        this.#closeSlots(slots);
      }
    }
  }

  #closeSlots(slots: AudioSlots): void {
    if (this.#mode.state === 'closing') {
      this.#mode.limit.cancel();
    }
    const ids = slots.slots.map(({ id }) => id);
    this.#options.listeners().forEach(({ receptions }) => receptions.refuse(ids));
    this.#forgetSlots(slots);
    this.#options.onAudioSlots([]);
  }

  #forgetSlots(slots: AudioSlots): void {
    this.#mode = { state: 'direct' };
    slots.close();
  }

  #newSlots(): AudioSlots {
    const { settings, speakerIntervalMs, clock, userOf, onAudioSlots } = this.#options;
    const setOwn = (participantId: string, slotId: string, isOwn: boolean): void => {
      const listener = this.#options.listeners().find(({ id }) => id === participantId);
      listener?.receptions.setOwn(slotId, isOwn);
    };

    return new AudioSlots({
      loudestHeard: settings.loudestHeard,
      speakerIntervalMs,
      clock,
      userOf,
      listener: {
        onEntered: (slot, participantId) => setOwn(participantId, slot.id, true),
        onLeft: (slot, participantId) => setOwn(participantId, slot.id, false),
        onSlots: (carried) => {
          if (this.#mode.state === 'slots') {
            onAudioSlots(carried);
          }
        },
        onSpeakers: (participantIds, dominantSpeaker) =>
          this.#speakers.heardInSlots(participantIds, dominantSpeaker),
      },
    });
  }

  #hear(site: CallSite, { id, participantId, producer }: SentStream, slots = this.#slots): void {
    if (producer !== undefined) {
      slots?.hear(site, { id, participantId, producer });
    }
  }

  #siteOf(stream: SentStream): CallSite | undefined {
    const router = stream.originFor()?.router;

    return this.#options.sites().find((site) => site.router === router);
  }
}

function isResumed(reception: Reception | undefined): boolean {
  return reception?.consumer !== undefined && !reception.isPaused;
}

function isSentByOthers({ source, participantId, producer }: SentStream, listenerId: string): boolean {
  return source === 'microphone' && producer !== undefined && participantId !== listenerId;
}
