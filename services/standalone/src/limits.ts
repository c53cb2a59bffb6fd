import {
  changedCallSettingsSchema,
  maxEncodings,
  maxFrameBytes,
  requestNames,
  type RequestName,
} from '@parley/protocol';
import type { SfuConfig } from '@parley/sfu';
import * as z from 'zod';

const whole = (least: number, most: number, description: string) => {
  const error = `must be a whole number from ${least} to ${most}`;

  return z.exactOptional(z.int(error).min(least, error).max(most, error)).meta({ description });
};

const load = (description: string) => {
  const error = 'must be a number from 0.01 to 1';

  return z.exactOptional(z.number(error).min(0.01, error).max(1, error)).meta({ description });
};

/** A name that is not in it was misspelt. */
const group = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no ${issue.keys.join(' and no ')}, only ${Object.keys(shape).join(', ')}`
        : 'must be an object',
  });

const cost = whole(1, 1_000, 'units that it takes of what its connection may ask');

/** A request costs what its name says. */
const costs = Object.fromEntries(requestNames.map((name) => [name, cost])) as Record<
  RequestName,
  typeof cost
>;

/**
 * The limits of a node that its operator may change, named as the sfu names them, which has their standards;
 * `docs/guides/limits.md` lists them.
 */
export const limitsSchema = group({
  media: z.exactOptional(
    group({
      consumers: whole(1, 10_000, 'streams that one participant receives at a time'),
      encodings: whole(1, maxEncodings, 'simulcast layers of one stream'),
      incomingBitrate: whole(50_000, 1_000_000_000, 'bits a second of all that one participant sends'),
      data: z.exactOptional(
        group({
          messagesPerSecond: whole(1, 10_000, 'data messages of one user in a call'),
          bytesPerSecond: whole(1_024, 100_000_000, 'bytes of these'),
          callMessagesPerSecond: whole(1, 100_000, 'data messages of all participants of one call'),
        }),
      ),
    }),
  ),
  calls: z.exactOptional(
    group({
      joinsPerSecond: whole(1, 10_000, 'entrances into one call, twice as many at once'),
      entrancesPerMinute: whole(1, 600, 'entrances of one user into one call, four times as many at once'),
      actionsPerSecond: whole(
        10,
        100_000,
        'units of what all participants of one call do that everybody is told of',
      ),
      beginningsPerMinute: whole(
        1,
        600,
        'beginnings of one source by a participant, all of which may come at once',
      ),
      ringsPerMinute: whole(1, 10_000, 'rings of one user by another, all of which may come at once'),
      waiting: whole(1, 10_000, 'people in the lobby of one call'),
      iceRestartsPerMinute: whole(1, 600, 'ICE restarts of one participant, all of which may come at once'),
      resumesPerMinute: whole(
        1,
        600,
        'returns of one participant to their place, all of which may come at once',
      ),
      probesPerMinute: whole(1, 600, 'probes of the network by one user, all of which may come at once'),
    }),
  ),
  signaling: z.exactOptional(
    group({
      requestCosts: z.exactOptional(group(costs)),
      requestBytes: whole(16_384, maxFrameBytes, 'bytes of one request, as JSON'),
      anonymousSocketsPerAddress: whole(1, 100_000, 'sockets of one address that wait to be admitted'),
      handshakeSeconds: whole(1, 60, 'time for a socket to open and to bring its token'),
    }),
  ),
  load: z.exactOptional(
    group({
      relieveAbove: load('load of a worker above which calls go, and are moved, to others'),
      fewerVideosAbove: load('load above which each participant is sent `fewerVideos`'),
      fewerVideos: whole(1, 1_000, 'pictures that each participant is sent then'),
      noNewVideoAbove: load('load above which nobody is sent a picture more'),
      noJoinAbove: load('load above which nobody is let in'),
    }),
  ),
});

/** As an application has them, and a call; a name that is none of theirs is refused. */
export const callSettings = group(changedCallSettingsSchema.shape);

export type Limits = z.infer<typeof limitsSchema>;

/** The same in the words of the sfu. */
export function limitsOfSfu({ media, calls, signaling, load: loadLimits }: Limits): Partial<SfuConfig> {
  return {
    ...signaling,
    callLimits: calls,
    loadLimits,
    mediaLimits: media,
  };
}
