import { setInterval as ticks } from 'node:timers/promises';
import { systemClock } from '@parley/kit';
import { contributingSourceOf, type AudioSlot } from '@parley/protocol';
import type { types } from 'mediasoup';
import { AudioSlots } from '../../src/media/audio/AudioSlots.ts';
import type { SlotStream } from '../../src/media/audio/SlotStream.ts';
import { audioPacket } from './audioPacket.ts';
import { opusParameters } from './rtpParameters.ts';
import type { TestRouter } from './testRouter.ts';

export const packetMs = 20;
export const silenceDb = 127;

/** A packet as a listener has got it. */
export interface Heard {
  readonly slotId: string;
  readonly participantId: string;
  /** Of the sender's packets. */
  readonly index: number;
  readonly atMs: number;
  readonly sequence: number;
  readonly timestamp: number;
}

/** A microphone that can be heard, and is muted or silent until it speaks. */
export class Speaker {
  readonly participantId: string;
  readonly producer: types.Producer;
  readonly #ssrc: number;
  #index = 0;
  db = silenceDb;

  constructor(participantId: string, producer: types.Producer, ssrc: number) {
    this.participantId = participantId;
    this.producer = producer;
    this.#ssrc = ssrc;
  }

  /** Of the packet that is sent next. */
  get index(): number {
    return this.#index;
  }

  send(): void {
    const payload = Buffer.alloc(60);
    payload.writeUInt32BE(this.#index, 4);
    this.producer.send(audioPacket({ ssrc: this.#ssrc, sequence: this.#index, db: this.db, payload }));
    this.#index += 1;
  }
}

/** A call in which slots are on, with one listener who hears all of them and somebody behind each microphone. */
export class SlotRoom {
  readonly slots: AudioSlots;
  readonly #site: TestRouter;
  readonly speakers: Speaker[] = [];
  readonly heard: Heard[] = [];
  readonly told: (readonly AudioSlot[])[] = [];
  readonly spoken: (readonly [readonly string[], string | undefined])[] = [];
  /** What each participant receives, by slot, as the media of a call keeps it. */
  readonly receptions = new Map<string, Map<SlotStream, types.Consumer>>();
  readonly #names: Map<number, string> = new Map();

  constructor(site: TestRouter, loudestHeard = 3) {
    this.#site = site;
    this.slots = new AudioSlots({
      loudestHeard,
      speakerIntervalMs: 100,
      clock: systemClock,
      listener: {
        onEntered: (slot, id) => void this.receptions.get(id)?.get(slot)?.pause(),
        onLeft: (slot, id) => void this.receptions.get(id)?.get(slot)?.resume(),
        onSlots: (carried) => this.told.push(carried),
        onSpeakers: (ids, dominant) => this.spoken.push([ids, dominant]),
      },
    });
  }

  /** @param count At least two. */
  async open(count: number): Promise<readonly [Speaker, Speaker, ...Speaker[]]> {
    await this.slots.openSite(this.#site);
    const transport = await this.#site.router.createDirectTransport();
    const first = await this.#enter(transport);
    const second = await this.#enter(transport);
    while (this.speakers.length < count) {
      await this.#enter(transport);
    }

    return [first, second, ...this.speakers.slice(2)];
  }

  async #enter(transport: types.DirectTransport): Promise<Speaker> {
    const rtpParameters = opusParameters(this.speakers.length) as types.RtpParameters;
    const producer = await transport.produce({ kind: 'audio', rtpParameters });
    const participantId = `participant-${this.speakers.length}`;
    const speaker = new Speaker(participantId, producer, rtpParameters.encodings?.[0]?.ssrc ?? 0);
    this.#names.set(contributingSourceOf(participantId), participantId);
    this.speakers.push(speaker);
    this.slots.hear(this.#site, { id: producer.id, participantId, producer });

    return speaker;
  }

  /** Receives all slots as this participant. */
  async listen(participantId: string): Promise<Heard[]> {
    const transport = await this.#site.router.createDirectTransport();
    const heard: Heard[] = [];
    const consumers = new Map<SlotStream, types.Consumer>();
    for (const slot of this.slots.slots) {
      const consumer = await transport.consume({
        producerId: slot.id,
        rtpCapabilities: this.#site.router.rtpCapabilities,
      });
      consumer.on('rtp', (packet) => heard.push(this.#read(slot, packet)));
      consumers.set(slot, consumer);
    }
    this.receptions.set(participantId, consumers);

    return heard;
  }

  /** Everybody sends a packet in every 20 ms; before each, `direct` says who speaks. */
  async talk(tickCount: number, direct: (tick: number) => void): Promise<void> {
    const startedAtMs = performance.now();
    let tick = 0;
    for await (const _ of ticks(5)) {
      // A timer that comes late is made up for, as the microphones of others do not wait for it.
      for (; tick < tickCount && performance.now() - startedAtMs >= tick * packetMs; tick += 1) {
        direct(tick);
        this.speakers.forEach((speaker) => speaker.send());
      }
      if (tick >= tickCount) {
        return;
      }
    }
  }

  close(): void {
    this.slots.close();
  }

  #read(slot: SlotStream, packet: Buffer): Heard {
    return {
      slotId: slot.id,
      participantId:
        this.#names.get(((packet[0] ?? 0) & 0x0f) === 1 ? packet.readUInt32BE(12) : 0) ?? 'nobody',
      index: packet.readUInt32BE(packet.length - 56),
      atMs: performance.now(),
      sequence: packet.readUInt16BE(2),
      timestamp: packet.readUInt32BE(4),
    };
  }
}
