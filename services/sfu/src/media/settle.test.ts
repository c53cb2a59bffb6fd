import { createDeferred } from '@parley/kit';
import { expect, it } from 'vitest';
import type { CallSite } from './CallSite.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import { ParticipantPlace } from './ParticipantPlace.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';
import { settleEach } from './settle.ts';

const site = { requireOpen: () => {} } as CallSite;

/** Somebody who has lost their place. */
function lostParticipant(id: string): MediasoupParticipantMedia {
  const place = new ParticipantPlace();
  const participant: Pick<
    MediasoupParticipantMedia,
    'id' | 'place' | 'transports' | 'stopReceiving' | 'detach' | 'attach' | 'run'
  > = {
    id,
    get place() {
      return place.version;
    },
    get transports() {
      return place.attachment?.transports;
    },
    stopReceiving: () => {},
    detach: () => void place.leave(),
    attach: async (at, transports) => void place.arrive({ site: at, transports }),
    run: () => void place.run(),
  };

  return participant as MediasoupParticipantMedia;
}

it('the first who have lost their place are told before the transports of the last are opened', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const steps: string[] = [];
  const opening = new Map(ids.map((id) => [id, createDeferred<void>()]));
  const settling = settleEach(ids.map(lostParticipant), {
    site,
    async openTransports({ id }) {
      steps.push(`open ${id}`);
      await opening.get(id)?.promise;

      return { close: () => {} } as ParticipantTransports;
    },
    onSettled: ({ id }) => void steps.push(`tell ${id}`),
  });
  expect(steps).toEqual(['open a', 'open b', 'open c', 'open d']);
  opening.get('a')?.resolve();
  await expect.poll(() => steps.slice(4)).toEqual(['tell a', 'open e']);

  opening.forEach((one) => one.resolve());
  await settling;
  expect(steps.filter((step) => step.startsWith('tell'))).toHaveLength(ids.length);
});
