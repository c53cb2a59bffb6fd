import { SerialQueue } from '@parley/kit';
import { rtpParametersSchema, type RtpParameters } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { OutgoingMedia } from './MediaPort.ts';
import { encodingsWithin, type SendLimits } from './sendLimits.ts';
import type { Encoding } from './sendProfile.ts';

/** What carries one track: a producer of the library behind the media port. */
export interface Producer {
  readonly rtpParameters: unknown;
  replaceTrack(options: { track: MediaStreamTrack | null }): Promise<void>;
  setMaxSpatialLayer(index: number): Promise<void>;
  readonly rtpSender?: Pick<RTCRtpSender, 'getParameters' | 'setParameters'> | undefined;
  close(): void;
}

/**
 * One track over its producer. To be paused means to have no track: the sender sends nothing then, and nothing needs to
 * be negotiated for it, as it would have to be to make it inactive (W3C WebRTC, `RTCRtpSender.replaceTrack`).
 */
export function outgoingMedia(
  producer: Producer,
  first: MediaStreamTrack,
  /** As they are without limits for pictures like those of a track, the smallest first; none of sound. */
  encodingsOf: (track: MediaStreamTrack) => readonly Encoding[] = () => [],
): OutgoingMedia {
  const changes = new SerialQueue('track');
  /** The latest that could be sent. */
  let track = first;
  let isPaused = false;
  /** Of the encodings, the largest that is wanted and the largest that the limits let be. */
  const { length } = encodingsOf(first);
  let wanted = Infinity;
  let allowed = length - 1;
  const within = (limits: SendLimits): ReturnType<typeof encodingsWithin> => {
    // There are no more than at first: of a larger picture the smallest is left out.
    const encodings = length === 0 ? [{}] : encodingsOf(track).slice(-length);

    return encodingsWithin(encodings, limits, track.getSettings().height);
  };
  let applied = JSON.stringify(within({}));
  const carry = (next: MediaStreamTrack): Promise<void> =>
    producer.replaceTrack({ track: isPaused ? null : next });
  /** Fails only when it is closed, or when its track has ended: nothing is sent in either case. */
  const setPaused = (paused: boolean): void => {
    isPaused = paused;
    changes.push(() => carry(track)).catch(() => {});
  };

  return {
    rtpParameters: asTaken(rtpParametersSchema.parse(producer.rtpParameters), producer.rtpSender),
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
    setLargestEncoding(index) {
      wanted = index;

      return producer.setMaxSpatialLayer(Math.min(wanted, Math.max(allowed, 0)));
    },
    async setLimits(limits) {
      const encodings = within(limits);
      const sender = producer.rtpSender;
      const parameters = sender?.getParameters();
      if (parameters === undefined || applied === JSON.stringify(encodings)) {
        return;
      }
      for (const [index, encoding] of parameters.encodings.entries()) {
        const { maxBitrate, maxFramerate, scaleResolutionDownBy } = encodings[index] ?? {};
        // Those that are not sent stay as they are; to say undefined is to leave it out (Web IDL).
        if (index < encodings.length) {
          Object.assign(encoding, { maxBitrate }, length > 0 && { maxFramerate, scaleResolutionDownBy });
        }
      }
      await sender?.setParameters(parameters);
      applied = JSON.stringify(encodings);
      const before = allowed;
      allowed = encodings.length - 1;
      if (length > 0 && before !== allowed) {
        await producer.setMaxSpatialLayer(Math.min(wanted, allowed));
      }
    },
    close: () => producer.close(),
  };
}

/** A browser that does not know the mode leaves it out: the server must not wait for layers that never come. */
function asTaken(parameters: RtpParameters, sender: Producer['rtpSender']): RtpParameters {
  // WebRTC-SVC is newer than the DOM library.
  const taken: (RTCRtpEncodingParameters & { scalabilityMode?: string })[] =
    sender?.getParameters().encodings ?? [];

  return {
    ...parameters,
    encodings: parameters.encodings?.map(({ scalabilityMode, ...encoding }, index) =>
      scalabilityMode !== undefined && taken[index]?.scalabilityMode === scalabilityMode
        ? { ...encoding, scalabilityMode }
        : encoding,
    ),
  };
}
