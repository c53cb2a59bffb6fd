import { ProtocolError } from '@parley/protocol';
import type { CallSite } from './CallSite.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';

export interface Settling {
  readonly site: CallSite;
  readonly openTransports: (participant: MediasoupParticipantMedia) => Promise<ParticipantTransports>;
  /** The participant's client can be told. */
  readonly onSettled: (participant: MediasoupParticipantMedia) => void;
}

/**
 * Moves participants to a site, whether the one they were at is lost or is to be relieved: all transports are opened
 * first, and what they replace is closed in one turn. Rejects when the site cannot take them, and leaves everything as it
 * was, or, when the site was lost in the middle of it, nobody attached anywhere.
 */
export async function settle(
  participants: readonly MediasoupParticipantMedia[],
  { site, openTransports, onSettled }: Settling,
): Promise<void> {
  const opened = await Promise.allSettled(
    participants.map(async (participant) => ({ participant, transports: await openTransports(participant) })),
  );
  const ready = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = opened.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    ready.forEach(({ transports }) => transports.close());
    throw failure.reason;
  }

  // First everybody's receiving: who moves along need not hear that the streams of the others are lost.
  ready.forEach(({ participant }) => participant.stopReceiving());
  ready.forEach(({ participant }) => participant.detach());
  await Promise.all(ready.map(({ participant, transports }) => participant.attach(site, transports)));
  if (site.isClosed) {
    throw new ProtocolError('unavailable', 'The media worker is gone.');
  }
  for (const { participant } of ready) {
    // They may have left meanwhile.
    if (participant.site === site) {
      participant.run();
      onSettled(participant);
    }
  }
}
