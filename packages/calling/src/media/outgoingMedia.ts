import { SerialQueue } from '@parley/kit';
import { rtpParametersSchema } from '@parley/protocol';
import type { types } from 'mediasoup-client';
import type { OutgoingMedia } from './MediaPort.ts';

/**
 * One track over its producer. To be paused means to have no track: the sender sends nothing then, and nothing needs to
 * be negotiated for it, as it would have to be to make it inactive (W3C WebRTC, `RTCRtpSender.replaceTrack`).
 */
export function outgoingMedia(producer: types.Producer, first: MediaStreamTrack): OutgoingMedia {
  const changes = new SerialQueue('track');
  let track = first;
  let isPaused = false;
  const follow = (): Promise<void> =>
    changes.push(() => producer.replaceTrack({ track: isPaused ? null : track }));
  /** Fails only when it is closed, or when its track has ended: nothing is sent in either case. */
  const setPaused = (paused: boolean): void => {
    isPaused = paused;
    follow().catch(() => {});
  };

  return {
    rtpParameters: rtpParametersSchema.parse(producer.rtpParameters),
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    async replaceTrack(replacement) {
      const before = track;
      track = replacement;
      try {
        await follow();
      } catch (error) {
        track = before;
        throw error;
      }
    },
    // Through mediasoup-client, which says it in the session descriptions too: of an encoding that is only off in the
    // sender's parameters, Chromium thinks better with the next negotiation.
    setLargestEncoding: (index) => producer.setMaxSpatialLayer(index),
    close: () => producer.close(),
  };
}
