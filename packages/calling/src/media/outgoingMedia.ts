import { SerialQueue } from '@parley/kit';
import { rtpParametersSchema } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { OutgoingMedia } from './MediaPort.ts';

/** What carries one track: a producer of the library behind the media port. */
export interface Producer {
  readonly rtpParameters: unknown;
  replaceTrack(options: { track: MediaStreamTrack | null }): Promise<void>;
  setMaxSpatialLayer(index: number): Promise<void>;
  close(): void;
}

/**
 * One track over its producer. To be paused means to have no track: the sender sends nothing then, and nothing needs to
 * be negotiated for it, as it would have to be to make it inactive (W3C WebRTC, `RTCRtpSender.replaceTrack`).
 */
export function outgoingMedia(producer: Producer, first: MediaStreamTrack): OutgoingMedia {
  const changes = new SerialQueue('track');
  /** The latest that could be sent. */
  let track = first;
  let isPaused = false;
  const carry = (next: MediaStreamTrack): Promise<void> =>
    producer.replaceTrack({ track: isPaused ? null : next });
  /** Fails only when it is closed, or when its track has ended: nothing is sent in either case. */
  const setPaused = (paused: boolean): void => {
    isPaused = paused;
    changes.push(() => carry(track)).catch(() => {});
  };

  return {
    rtpParameters: rtpParametersSchema.parse(producer.rtpParameters),
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    async replaceTrack(replacement) {
      // The sender would only be asked to take it when it is resumed, and nobody could be told then.
      if (replacement.readyState === 'ended') {
        throw new CallError('invalid_state', 'The track has ended.');
      }
      await changes.push(async () => {
        await carry(replacement);
        track = replacement;
      });
    },
    // Through mediasoup-client, which says it in the session descriptions too: of an encoding that is only off in the
    // sender's parameters, Chromium thinks better with the next negotiation.
    setLargestEncoding: (index) => producer.setMaxSpatialLayer(index),
    close: () => producer.close(),
  };
}
