import type { Clock, Timer } from '@parley/kit';
import type { AudioSlot } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DirectSite } from '../DirectSite.ts';
import type { CallMediaOptions } from '../mediaTypes.ts';
import { audioLevelIdOf, readAudioLevel } from './audioLevel.ts';
import { HeardMicrophone } from './HeardMicrophone.ts';
import { LoudestSpeakers, type SlotChange } from './LoudestSpeakers.ts';
import { SlotStream } from './SlotStream.ts';
import { Voice } from './Voice.ts';

/** How loud a sender is taken to be who does not say so: less than anybody who speaks up. */
const unknownLevelDb = 50;

/** Before a word comes its breath, which a voice that begins in the middle of it lacks. */
const prologueMs = 20;

/** The least time between two tellings of whom the slots carry; each packet names its speaker anyway. */
const tellingIntervalMs = 200;

export interface AudioSlotsListener {
  /** The slot is about to carry the participant, who must not hear themselves: called before their first packet. */
  onEntered(slot: SlotStream, participantId: string): void;
  onLeft(slot: SlotStream, participantId: string): void;
  onSlots(slots: readonly AudioSlot[]): void;
  onSpeakers(participantIds: readonly string[], dominantSpeaker: string | undefined): void;
}

export interface AudioSlotsOptions {
  /** How many of the loudest are heard; the dominant speaker has a slot besides. */
  readonly loudestHeard: number;
  readonly speakerIntervalMs: number;
  readonly clock: Clock;
  readonly listener: AudioSlotsListener;
  readonly userOf?: CallMediaOptions['userOf'];
}

/** A microphone as it is sent at one site. */
export interface Microphone {
  readonly id: string;
  readonly participantId: string;
  readonly producer: types.Producer;
}

/**
 * Carries the loudest of a call to everyone in a few streams. This process hears every microphone that is not muted,
 * picks the loudest by what the packets say of themselves, and passes their packets on in the slots, which everyone
 * receives: the cost follows the number of people who speak and of those who listen, not the product. ADR 0015.
 */
export class AudioSlots {
  readonly slots: readonly SlotStream[];
  readonly #options: AudioSlotsOptions;
  readonly #loudest: LoudestSpeakers;
  readonly #microphones = new Map<string, HeardMicrophone>();
  readonly #microphoneOfVoice = new Map<Voice, string>();
  readonly #opening = new WeakMap<types.Router, Promise<unknown>>();
  #sampling: Timer;
  #telling: Timer | undefined;
  #isTold = true;
  #heardPackets = 0;
  #carriedPackets = 0;
  #changes = 0;

  constructor(options: AudioSlotsOptions) {
    this.#options = options;
    const slotCount = options.loudestHeard + 1;
    this.slots = Array.from({ length: slotCount }, () => new SlotStream());
    this.#loudest = new LoudestSpeakers(slotCount);
    this.#sampling = this.#sampleLater();
  }

  /** Whom the slots carry now, as the protocol tells it. */
  get carried(): AudioSlot[] {
    return this.slots.map((slot, index) => {
      const voice = this.#loudest.holderOf(index);
      const producerId = voice === undefined ? undefined : this.#microphoneOfVoice.get(voice);

      return {
        slotId: slot.id,
        ...(voice === undefined ? {} : { participantId: voice.participantId }),
        ...(producerId === undefined ? {} : { producerId }),
      };
    });
  }

  get stats(): { heardPackets: number; carriedPackets: number; changes: number; microphones: number } {
    return {
      heardPackets: this.#heardPackets,
      carriedPackets: this.#carriedPackets,
      changes: this.#changes,
      microphones: this.#microphones.size,
    };
  }

  /** Makes the slots something that can be consumed there. */
  openSite(site: DirectSite): Promise<unknown> {
    const opening =
      this.#opening.get(site.router) ?? Promise.all(this.slots.map((slot) => slot.openAt(site)));
    this.#opening.set(site.router, opening);

    return opening;
  }

  /** The slot that carries the participant now. */
  slotOf(participantId: string): SlotStream | undefined {
    return this.slots.find((_, index) => this.#loudest.holderOf(index)?.participantId === participantId);
  }

  /** Whatever comes out of the microphone may be heard from now on, until it is forgotten or sent anew. */
  hear(site: DirectSite, { id, participantId, producer }: Microphone): void {
    this.forget(id);
    const levelId = audioLevelIdOf(site.router);
    const voice = new Voice(participantId, this.#options.userOf?.(participantId));
    this.#microphoneOfVoice.set(voice, id);
    this.#microphones.set(
      id,
      new HeardMicrophone({
        site,
        producer,
        voice,
        clock: this.#options.clock,
        onPacket: (microphone, packet) => this.#hear(microphone, packet, levelId),
        onMuted: () => this.#free(voice),
      }),
    );
  }

  forget(microphoneId: string): void {
    const microphone = this.#microphones.get(microphoneId);
    if (microphone !== undefined) {
      microphone.close();
      this.#microphones.delete(microphoneId);
      this.#microphoneOfVoice.delete(microphone.voice);
      this.#free(microphone.voice);
    }
  }

  /** Hears nobody any more. Idempotent. */
  close(): void {
    this.#sampling.cancel();
    this.#telling?.cancel();
    this.#microphones.forEach((microphone) => microphone.close());
    this.#microphones.clear();
    this.slots.forEach((slot) => slot.close());
  }

  #hear(microphone: HeardMicrophone, packet: Buffer, levelId: number): void {
    this.#heardPackets += 1;
    const { voice, recent } = microphone;
    const nowMs = this.#options.clock.now();
    const change = this.#loudest.hear(voice, readAudioLevel(packet, levelId) ?? unknownLevelDb, nowMs);
    if (change !== undefined) {
      recent.add(packet, nowMs);
      this.#carry(change, microphone, nowMs);

      return;
    }
    const index = this.#loudest.slotOf(voice);
    if (index === undefined) {
      recent.add(packet, nowMs);
    } else {
      this.#carriedPackets += 1;
      this.slots[index]?.send(packet);
    }
  }

  /** Somebody new in a slot, with the beginning of their word that has passed already. */
  #carry({ slot: index, enters, leaves }: SlotChange, { recent }: HeardMicrophone, nowMs: number): void {
    const slot = this.slots[index];
    if (slot === undefined) {
      return;
    }
    this.#changes += 1;
    const { listener } = this.#options;
    if (leaves !== undefined) {
      listener.onLeft(slot, leaves.participantId);
    }
    listener.onEntered(slot, enters.participantId);
    let isBegun = false;
    recent.drain(enters.onsetAtMs - prologueMs, nowMs, (packet, arrivedAtMs) => {
      if (!isBegun) {
        slot.begin(enters.participantId, packet, arrivedAtMs);
        isBegun = true;
      }
      this.#carriedPackets += 1;
      slot.send(packet);
    });
    this.#tell();
  }

  #free(voice: Voice): void {
    const index = this.#loudest.forget(voice);
    const slot = index === undefined ? undefined : this.slots[index];
    if (slot !== undefined) {
      this.#options.listener.onLeft(slot, voice.participantId);
      this.#tell();
    }
  }

  /** At once, and then not before some time has passed. */
  #tell(): void {
    this.#isTold = false;
    if (this.#telling === undefined) {
      this.#tellNow();
    }
  }

  #tellNow(): void {
    this.#isTold = true;
    this.#telling = this.#options.clock.schedule(tellingIntervalMs, () => {
      this.#telling = undefined;
      if (!this.#isTold) {
        this.#tellNow();
      }
    });
    this.#options.listener.onSlots(this.carried);
  }

  #sampleLater(): Timer {
    const { clock, speakerIntervalMs, listener } = this.#options;

    return clock.schedule(speakerIntervalMs, () => {
      this.#sampling = this.#sampleLater();
      const speakers = this.#loudest.speakersAt(clock.now());
      listener.onSpeakers(
        speakers.map(({ participantId }) => participantId),
        this.#loudest.dominant?.participantId,
      );
    });
  }
}
