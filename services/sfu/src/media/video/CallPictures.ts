import type { Clock } from '@parley/kit';
import type { CallSettings, ForwardingRule } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { Reception } from '../Reception.ts';
import type { SentStream } from '../SentStream.ts';
import { ForwardedPicture } from './ForwardedPicture.ts';
import { layerFor, type Layers } from './layerFor.ts';
import { pictureLayersOf, type PictureLayers } from './pictureLayers.ts';
import { priorityOf } from './priorityOf.ts';
import { SuspendedEncodings } from './SuspendedEncodings.ts';

export interface CallPicturesOptions {
  readonly settings: CallSettings;
  readonly clock: Clock;
  readonly onEncodingsWanted: (participantId: string, producerId: string, wanted: readonly boolean[]) => void;
}

/** A picture as it is sent. */
interface SentPicture {
  readonly stream: SentStream;
  readonly layers: PictureLayers;
  readonly suspended: SuspendedEncodings | undefined;
}

export interface PictureStats {
  /** How many pictures go to somebody at the moment, by the layer they are to be sent in. */
  readonly flowingByLayer: readonly number[];
  readonly byPriority: Readonly<Record<number, number>>;
  /** Encodings that their senders have been told nobody wants. */
  readonly suspendedEncodings: number;
}

/**
 * What of each picture of a call is forwarded: the layer follows the size it is shown in, what matters most goes first
 * when bandwidth is short, and what nobody sees need not be sent.
 */
export class CallPictures {
  readonly #options: CallPicturesOptions;
  readonly #sent = new Map<string, SentPicture>();
  readonly #forwarded = new Map<Reception, ForwardedPicture>();
  readonly #flowing = new Set<Reception>();
  #spotlight: readonly string[] = [];
  #dominant: string | undefined;

  constructor(options: CallPicturesOptions) {
    this.#options = options;
  }

  get stats(): PictureStats {
    const flowingByLayer: number[] = [0, 0, 0];
    const byPriority: Record<number, number> = {};
    for (const reception of this.#flowing) {
      const { layers, priority = 0 } = this.#forwarded.get(reception) ?? {};
      const layer = layers?.spatialLayer ?? 0;
      flowingByLayer[layer] = (flowingByLayer[layer] ?? 0) + 1;
      byPriority[priority] = (byPriority[priority] ?? 0) + 1;
    }
    const suspendedEncodings = [...this.#sent.values()].reduce(
      (sum, { suspended }) => sum + (suspended?.suspended ?? 0),
      0,
    );

    return { flowingByLayer, byPriority, suspendedEncodings };
  }

  /** What its sender was told last; undefined where all is wanted. */
  encodingsWanted({ id }: SentStream): { producerId: string; wanted: boolean[] } | undefined {
    const suspended = this.#sent.get(id)?.suspended;

    return suspended === undefined ? undefined : { producerId: id, wanted: [...suspended.told] };
  }

  /** Somebody sends a picture, for the first time or again. */
  streamOpened(stream: SentStream): void {
    const { producer } = stream;
    if (stream.kind !== 'video' || producer === undefined) {
      return;
    }
    const wasSuspended = (this.#sent.get(stream.id)?.suspended?.suspended ?? 0) > 0;
    this.#forget(stream.id);
    const layers = pictureLayersOf(producer.rtpParameters, stream.source, stream.size);
    this.#sent.set(stream.id, { stream, layers, suspended: this.#suspended(stream, layers) });
    if (wasSuspended) {
      // Begun anew, as everything: its sender may still leave out what it was told to.
      this.#tell(
        stream,
        Array.from({ length: layers.encodings }, () => true),
      );
    }
  }

  /** Its pictures are of another size than before: another layer suits those who show it. */
  streamResized({ id, producer, source, size }: SentStream): void {
    const sent = this.#sent.get(id);
    if (sent === undefined || producer === undefined) {
      return;
    }
    this.#sent.set(id, { ...sent, layers: pictureLayersOf(producer.rtpParameters, source, size) });
    for (const reception of [...this.#forwarded.keys()].filter(({ stream }) => stream.id === id)) {
      this.changed(reception, this.#flowing.has(reception));
    }
  }

  /** Its sender has closed it. */
  streamClosed({ id }: SentStream): void {
    this.#forget(id);
    this.#sent.delete(id);
  }

  /** What somebody receives has changed. */
  changed(reception: Reception, isFlowing: boolean): void {
    const { stream, consumer } = reception;
    const sent = this.#sent.get(stream.id);
    if (stream.kind !== 'video') {
      return;
    }
    if (isFlowing) {
      this.#flowing.add(reception);
    } else {
      this.#flowing.delete(reception);
    }
    if (consumer === undefined || sent === undefined) {
      this.#forwarded.get(reception)?.close();
      this.#forwarded.delete(reception);
      sent?.suspended?.want(reception, undefined);

      return;
    }
    const isNew = this.#forwarded.get(reception)?.consumer !== consumer;
    const { spatialLayer } = this.#forward(reception, consumer, sent);
    const encoding = sent.layers.encodings === 1 ? 0 : spatialLayer;
    if (isNew) {
      // How large it is going to be shown they say next: until then the smallest is never wrong.
      const isSizeKnown = reception.viewport !== undefined || !this.#isOn('layerBySize');
      sent.suspended?.expect(isSizeKnown ? encoding : 0);
    }
    sent.suspended?.want(reception, isFlowing ? encoding : undefined);
  }

  setSpotlight(participantIds: readonly string[]): void {
    this.#spotlight = participantIds;
    this.#rank();
  }

  setDominant(participantId: string | undefined): void {
    if (participantId !== this.#dominant) {
      this.#dominant = participantId;
      this.#rank();
    }
  }

  close(): void {
    this.#sent.forEach(({ suspended }) => suspended?.close());
    this.#forwarded.forEach((picture) => picture.close());
    this.#sent.clear();
    this.#forwarded.clear();
    this.#flowing.clear();
  }

  /** Asks the worker for the layers that suit the size. */
  #forward(reception: Reception, consumer: types.Consumer, { layers }: SentPicture): Layers {
    const before = this.#forwarded.get(reception);
    const picture =
      before?.consumer === consumer ? before : new ForwardedPicture(consumer, this.#options.clock);
    if (picture !== before) {
      before?.close();
      this.#forwarded.set(reception, picture);
    }
    const wanted = layerFor(this.#isOn('layerBySize') ? reception.viewport : undefined, layers);
    if (consumer.type === 'simulcast' || consumer.type === 'svc') {
      picture.setLayers(wanted);
    }
    this.#setPriority(reception, picture);

    return wanted;
  }

  #rank(): void {
    this.#forwarded.forEach((picture, reception) => this.#setPriority(reception, picture));
  }

  #setPriority({ stream, viewport }: Reception, picture: ForwardedPicture): void {
    if (this.#isOn('priorities')) {
      const { source, participantId = '' } = stream;
      const isProminent = this.#spotlight.includes(participantId) || participantId === this.#dominant;
      picture.setPriority(priorityOf({ source, isProminent, viewport }));
    }
  }

  #suspended(stream: SentStream, { encodings }: PictureLayers): SuspendedEncodings | undefined {
    if (!this.#isOn('suspendEncodings')) {
      return undefined;
    }

    return new SuspendedEncodings({
      encodings,
      clock: this.#options.clock,
      onWanted: (wanted) => this.#tell(stream, wanted),
    });
  }

  #tell({ id, participantId }: SentStream, wanted: readonly boolean[]): void {
    this.#options.onEncodingsWanted(participantId, id, wanted);
  }

  #forget(streamId: string): void {
    this.#sent.get(streamId)?.suspended?.close();
  }

  #isOn(rule: ForwardingRule): boolean {
    return !this.#options.settings.rulesOff.includes(rule);
  }
}
