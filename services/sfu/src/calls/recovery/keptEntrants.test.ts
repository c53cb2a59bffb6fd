import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@parley/kit';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCallWorld } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, waitBefore } from '../../../test/support/lobbyRoom.ts';
import { CallJournal } from './CallJournal.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-entrants-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const openJournal = () => CallJournal.open({ folder, clock: systemClock, logger: pino({ level: 'silent' }) });

it('somebody who is being let in when the process stops is told nothing of an end, and waits in the next one', async () => {
  const journal = await openJournal();
  const { world, alice, callId } = await createLobbyRoom(journal);
  const bob = await world.device('bob');
  const { participantId, resumeToken, sequence } = await waitBefore(world, bob);
  const written = () => readFile(join(folder, `${callId}.json`), 'utf8').catch(() => '');
  await expect.poll(written).toContain(participantId);
  const release = world.media.holdParticipants();
  const admitted = world.ask(alice, 'admitParticipants', { callId, participantIds: [participantId] });
  await expect.poll(() => world.media.waiting).toBe(1);

  expect(world.calls.close()).toBe(true);
  release();
  await admitted;
  await journal.close();
  expect(bob.told).toEqual([]);
  expect(world.media.open).toBe(0);
  expect((await world.events()).filter(({ name }) => name === 'participantLeft')).toEqual([]);

  const journalOfNext = await openJournal();
  const next = await createCallWorld();
  await next.putRoom({ lobby: true, roster: { alice: 'presenter' } });
  await next.calls.restore(journalOfNext.earlier);
  await journalOfNext.close();
  const back = await next.device('bob');
  expect(await next.ask(back, 'resume', { callId, resumeToken, sequence })).toMatchObject({
    action: 'lobby',
  });
});
