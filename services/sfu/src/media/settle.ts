import type { CallSite } from './CallSite.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';

/** More of those who have lost their place would only wait for each other in the worker. */
const settlingAtOnce = 4;

export interface Settling {
  readonly site: CallSite;
  readonly openTransports: (participant: MediasoupParticipantMedia) => Promise<ParticipantTransports>;
  /** The participant's client can be told. */
  readonly onSettled: (participant: MediasoupParticipantMedia) => void;
}

/**
 * Moves participants to a site together: all transports are opened first, and what they replace, if they have not lost it
 * already, is closed in one turn. Passes over whoever has left meanwhile, or was taken from their place by somebody else,
 * who sees to them then.
 *
 * Rejects when the site cannot take them, and leaves everything as it was, or, when the site was lost in the middle of
 * it, them on the way there.
 */
export async function settle(
  participants: readonly MediasoupParticipantMedia[],
  { site, openTransports, onSettled }: Settling,
): Promise<void> {
  const opened = await Promise.allSettled(
    participants.map(async (participant) => {
      const { place } = participant;
      const transports = await openTransports(participant);

      return { participant, transports, hasStayed: () => participant.place === place };
    }),
  );
  const ready = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = opened.find((outcome) => outcome.status === 'rejected');
  const movers = failure === undefined ? ready.filter(({ hasStayed }) => hasStayed()) : [];
  ready.filter((one) => !movers.includes(one)).forEach(({ transports }) => transports.close());
  if (failure !== undefined) {
    throw failure.reason;
  }

  // First everybody's receiving: who moves along need not hear that the streams of the others are lost.
  movers.forEach(({ participant }) => participant.stopReceiving());
  movers.forEach(({ participant }) => participant.detach());
  await Promise.all(movers.map(({ participant, transports }) => participant.attach(site, transports)));
  site.requireOpen();
  const arrived = movers.filter(({ participant, transports }) => participant.transports === transports);
  for (const { participant } of arrived) {
    participant.run();
    onSettled(participant);
  }
}

/**
 * As `settle`, one by one and a few at a time, of those who have lost their place and so have nothing to be taken from:
 * the first build their half of the new transports while those of the last are opened. Rejects when one could not be
 * settled; the others are there all the same, and know it.
 */
export async function settleEach(
  participants: readonly MediasoupParticipantMedia[],
  settling: Settling,
): Promise<void> {
  const waiting = participants.values();
  const settleNext = async (): Promise<void> => {
    for (const participant of waiting) {
      await settle([participant], settling);
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: settlingAtOnce }, settleNext));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    throw failure.reason;
  }
}
