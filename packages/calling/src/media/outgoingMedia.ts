import { SerialQueue } from '@parley/kit';
import { rtpParametersSchema, type RtpParameters } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { OutgoingMedia } from './MediaPort.ts';
import { encodingsWithin } from './sendLimits.ts';
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
  /** As they are without limits; none of sound. */
  encodings: readonly Encoding[] = [],
): OutgoingMedia {
  const changes = new SerialQueue('track');
  /** The latest that could be sent. */
  let track = first;
  let isPaused = false;
  /** Of the encodings, the largest that is wanted and the largest that the limits let be. */
  let wanted = Infinity;
  let allowed = encodings.length - 1;
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
      const sender = producer.rtpSender;
      const within = encodingsWithin(
        encodings.length === 0 ? [{}] : encodings,
        limits,
        track.getSettings().height,
      );
      const parameters = sender?.getParameters();
      for (const [index, encoding] of parameters?.encodings.entries() ?? []) {
        const { maxBitrate, maxFramerate, scaleResolutionDownBy } = within[index] ?? {};
        // Those that are not sent stay as they are; to say undefined is to leave it out (Web IDL).
        if (index < within.length) {
          Object.assign(
            encoding,
            { maxBitrate },
            encodings.length > 0 && { maxFramerate, scaleResolutionDownBy },
          );
        }
      }
      if (parameters !== undefined) {
        await sender?.setParameters(parameters);
      }
      const before = allowed;
      allowed = within.length - 1;
      if (encodings.length > 0 && before !== allowed) {
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
