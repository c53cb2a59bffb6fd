import type { Database } from '@parley/db';
import { systemClock } from '@parley/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IdempotentRequest, type KeptAnswer } from '../src/idempotency/IdempotentRequest.ts';
import { standardRetention } from '../src/index.ts';
import { eraseSecrets } from '../src/jobs/eraseSecrets.ts';
import type { Job } from '../src/jobs/Job.ts';
import { removeAnonymousUsers } from '../src/jobs/removeAnonymousUsers.ts';
import { removeAuditEntries } from '../src/jobs/removeAuditEntries.ts';
import { removeCallRecords } from '../src/jobs/removeCallRecords.ts';
import { removeIdempotentAnswers } from '../src/jobs/removeIdempotentAnswers.ts';
import { removeRecordedEvents } from '../src/jobs/removeRecordedEvents.ts';
import { removeRefreshGrants } from '../src/jobs/removeRefreshGrants.ts';
import { removeRevocations } from '../src/jobs/removeRevocations.ts';
import { removeSigningKeys } from '../src/jobs/removeSigningKeys.ts';
import { rotateSigningKey } from '../src/jobs/rotateSigningKey.ts';
import { applicationId, createJobServices, type TestJobServices } from './jobServices.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let services: TestJobServices;
let database: Database;
let nowMs: number;

const clock = { ...systemClock, now: () => nowMs };

beforeAll(async () => {
  nowMs = Date.now();
  services = await createJobServices(clock);
  ({ database } = services);
});
afterAll(() => services.close());
beforeEach(() => {
  nowMs = Date.now();
});

const run = (job: Job, signal = new AbortController().signal) =>
  job({ services, retention: standardRetention, signal });
const ago = (ms: number): Date => new Date(nowMs - ms);
const at = <Row>(rows: readonly Row[], read: (row: Row) => string) => rows.map(read).toSorted();

describe('removeAnonymousUsers', () => {
  const add = (id: string, kind: 'user' | 'anonymous' | 'guest', tokensExpireAt: Date | null) =>
    database.user.create({ data: { applicationId, id, kind, displayName: `Name of ${id}`, tokensExpireAt } });
  const ids = async () => at(await database.user.findMany(), ({ id }) => id);
  afterEach(() => database.user.deleteMany());

  it('removes anonymous users and guests a day after their last token, and nobody else', async () => {
    await add('guest-old', 'guest', ago(dayMs));
    await add('anonymous-old', 'anonymous', ago(400 * dayMs));
    await add('guest-young', 'guest', ago(dayMs - 1));
    await add('guest-without-token', 'guest', null);
    await add('user', 'user', null);
    await add('user-odd', 'user', ago(400 * dayMs));

    expect(await run(removeAnonymousUsers)).toBe(2);

    expect(await ids()).toEqual(['guest-without-token', 'guest-young', 'user', 'user-odd']);
  });

  it('takes the name out of the call records and leaves the revocation', async () => {
    await add('guest-1', 'guest', ago(2 * dayMs));
    await add('guest-2', 'guest', ago(hourMs));
    const call = { applicationId, id: 'call', kind: 'room', nodeId: 'n', startedAt: ago(3 * dayMs) } as const;
    await database.callRecord.create({ data: call });
    await database.participantRecord.createMany({
      data: ['guest-1', 'guest-2'].map((id) => ({
        applicationId,
        callId: 'call',
        id,
        userId: id,
        displayName: `Name of ${id}`,
        kind: 'guest' as const,
        role: 'attendee' as const,
        joinedAt: ago(3 * dayMs),
      })),
    });
    const subject = { applicationId, subject: 'user', subjectId: 'guest-1' } as const;
    await database.revocation.create({ data: { ...subject, revokedBefore: ago(2 * dayMs) } });

    await run(removeAnonymousUsers);

    expect(await database.participantRecord.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: 'guest-1', userId: null, displayName: null, kind: 'guest' },
      { id: 'guest-2', userId: 'guest-2', displayName: 'Name of guest-2' },
    ]);
    expect(await database.revocation.count()).toBe(1);
    await database.revocation.deleteMany();
    await database.callRecord.deleteMany();
  });

  it('leaves a guest alone who gets a token just now', async () => {
    await add('guest-back', 'guest', ago(2 * dayMs));

    await database.$transaction(async (transaction) => {
      await transaction.user.update({
        where: { applicationId_id: { applicationId, id: 'guest-back' } },
        data: { tokensExpireAt: new Date(nowMs + hourMs) },
      });
      expect(await run(removeAnonymousUsers)).toBe(0);
    });
    await run(removeAnonymousUsers);

    expect(await ids()).toEqual(['guest-back']);
  });

  it('works through any number in batches, and stops between two when it is told to', async () => {
    await database.user.createMany({
      data: Array.from({ length: 1_200 }, (_, index) => ({
        applicationId,
        id: `guest-${index}`,
        kind: 'guest' as const,
        displayName: 'Guest',
        tokensExpireAt: ago(2 * dayMs),
      })),
    });

    expect(await run(removeAnonymousUsers, AbortSignal.abort())).toBe(500);
    expect(await run(removeAnonymousUsers)).toBe(700);
  });
});

describe('removeRefreshGrants', () => {
  it('removes sign-ins that have expired, with their refresh tokens', async () => {
    await database.user.create({ data: { applicationId, id: 'alice', displayName: 'Alice' } });
    for (const [id, expiresAt] of [
      ['old', ago(0)],
      ['young', ago(-1)],
    ] as const) {
      await database.refreshGrant.create({
        data: {
          id,
          applicationId,
          userId: 'alice',
          clientId: 'pk_test',
          scope: 'openid',
          expiresAt,
          tokens: { create: { id: `${id}-token`, secretHash: new Uint8Array(32) } },
        },
      });
    }

    expect(await run(removeRefreshGrants)).toBe(1);

    expect(at(await database.refreshToken.findMany(), ({ id }) => id)).toEqual(['young-token']);
  });
});

describe('removeRevocations', () => {
  it('keeps a revocation as long as a token that it voids may live, and an hour', async () => {
    const add = (subjectId: string, revokedBefore: Date) =>
      database.revocation.create({ data: { applicationId, subject: 'user', subjectId, revokedBefore } });
    await add('old', ago(7 * dayMs + hourMs));
    await add('young', ago(7 * dayMs + hourMs - 1));

    expect(await run(removeRevocations)).toBe(1);

    expect(at(await database.revocation.findMany(), ({ subjectId }) => subjectId)).toEqual(['young']);
  });
});

describe('kept answers', () => {
  const answer: KeptAnswer = { status: 201, location: undefined, body: { token: 'secret' } };
  const requestOf = (key: string, holds: 'plain' | 'secret') =>
    new IdempotentRequest(
      { scope: 'application:app', key, method: 'POST', path: '/v1/users', body: {}, holds },
      services,
    );
  const keep = (key: string, holds: 'plain' | 'secret') =>
    database.$transaction(async (transaction) => {
      await requestOf(key, holds).claim(transaction);
      await requestOf(key, holds).keep(transaction, answer);
    });
  const claim = (key: string, holds: 'plain' | 'secret') =>
    database.$transaction((transaction) => requestOf(key, holds).claim(transaction));
  const keys = async () => at(await database.idempotentAnswer.findMany(), ({ key }) => key);
  afterEach(() => database.idempotentAnswer.deleteMany());

  it('lose their secret after ten minutes, and the client is told so', async () => {
    await keep('old', 'secret');
    await keep('plain', 'plain');
    nowMs += minuteMs;
    await keep('young', 'secret');
    nowMs += 9 * minuteMs;

    expect(await run(eraseSecrets)).toBe(1);

    const rows = await database.idempotentAnswer.findMany({ orderBy: { key: 'asc' } });
    expect(rows.map(({ key, sealedBody }) => [key, sealedBody === null])).toEqual([
      ['old', true],
      ['plain', true],
      ['young', false],
    ]);
    await expect(claim('old', 'secret')).rejects.toMatchObject({ code: 'secret_already_shown' });
    expect(await claim('young', 'secret')).toEqual(answer);
    expect(await claim('plain', 'plain')).toEqual(answer);
    expect(await run(eraseSecrets)).toBe(0);
  });

  it('go after a day', async () => {
    await keep('old', 'plain');
    nowMs += 1;
    await keep('young', 'plain');
    nowMs += dayMs - 1;

    expect(await run(removeIdempotentAnswers)).toBe(1);

    expect(await keys()).toEqual(['young']);
  });
});

describe('removeAuditEntries', () => {
  it('removes what is past the retention, of the service as of an application', async () => {
    const add = (target: string, moment: Date, owner: string | null) =>
      database.auditEntry.create({
        data: { applicationId: owner, at: moment, actorKind: 'operator', action: 'createRoom', target },
      });
    await add('old', ago(400 * dayMs), applicationId);
    await add('old, of the service', ago(401 * dayMs), null);
    await add('young', ago(400 * dayMs - 1), applicationId);

    expect(await run(removeAuditEntries)).toBe(2);

    expect(at(await database.auditEntry.findMany(), ({ target }) => target)).toEqual(['young']);
    await database.auditEntry.deleteMany();
  });
});

describe('removeCallRecords', () => {
  it('removes calls past the retention with their participants, however long ago a live one began', async () => {
    const add = (id: string, endedAt: Date | null) =>
      database.callRecord.create({
        data: {
          applicationId,
          id,
          kind: 'group',
          nodeId: 'n',
          startedAt: ago(500 * dayMs),
          endedAt,
          participants: {
            create: { id: `of-${id}`, kind: 'user', role: 'presenter', joinedAt: ago(500 * dayMs) },
          },
        },
      });
    await add('old', ago(400 * dayMs));
    await add('young', ago(400 * dayMs - 1));
    await add('live', null);

    expect(await run(removeCallRecords)).toBe(1);

    expect(at(await database.participantRecord.findMany(), ({ id }) => id)).toEqual(['of-live', 'of-young']);
    await database.callRecord.deleteMany();
  });
});

describe('removeRecordedEvents', () => {
  it('forgets which events were recorded after two weeks, and not before', async () => {
    await database.recordedEvent.createMany({
      data: [
        { id: 'old', recordedAt: ago(14 * dayMs) },
        { id: 'young', recordedAt: ago(14 * dayMs - 1) },
      ],
    });

    expect(await run(removeRecordedEvents)).toBe(1);

    expect(at(await database.recordedEvent.findMany(), ({ id }) => id)).toEqual(['young']);
    await database.recordedEvent.deleteMany();
  });
});

describe('signing keys', () => {
  it('are replaced when they are old enough, which the audit log tells, and removed when they verify nothing', async () => {
    const before = services.signingKeys.current.kid;
    expect(await run(rotateSigningKey)).toBe(0);
    nowMs += 90 * dayMs;

    expect(await run(rotateSigningKey)).toBe(1);
    expect(await run(rotateSigningKey)).toBe(0);

    const [current, old] = await database.signingKey.findMany({ orderBy: { createdAt: 'desc' } });
    expect([current?.verifiesUntil, old?.kid]).toEqual([null, before]);
    await expect.poll(() => services.signingKeys.current.kid).toBe(current?.kid);
    expect(await database.auditEntry.findMany()).toMatchObject([
      {
        actorKind: 'service',
        actorId: null,
        action: 'rotateSigningKey',
        target: `signing-keys/${current?.kid}`,
      },
    ]);

    nowMs = (old?.verifiesUntil?.getTime() ?? 0) - 1;
    expect(await run(removeSigningKeys)).toBe(0);
    nowMs += 1;
    expect(await run(removeSigningKeys)).toBe(1);
    expect(at(await database.signingKey.findMany(), ({ kid }) => kid)).toEqual([current?.kid]);
  });
});
