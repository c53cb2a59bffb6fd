import type { Transaction } from '@parley/db';
import type { CallStats, CallStatsQuery } from '@parley/protocol/rest';
import type { Handler } from '../operations/handlerTypes.ts';
import { InvalidRequestError } from '../requests/parse.ts';

const maxIntervals = 1_000;

const intervalMs = { minute: 60_000, hour: 60 * 60_000, day: 24 * 60 * 60_000 } as const;

export const getCallStats: Handler<'getCallStats'> = async ({ context, database, applicationId, query }) => {
  const period = toPeriod(query);
  const scope = { ...period, applicationId };
  const calls = Map.groupBy(await countCalls(database, scope), ({ start }) => start.getTime());
  const parts = new Map(
    (await countParts(database, { ...scope, now: new Date(context.clock.now()) })).map((row) => [
      row.start.getTime(),
      row,
    ]),
  );

  return {
    items: period.starts.map((startMs) => toInterval(startMs, calls.get(startMs) ?? [], parts.get(startMs))),
  };
};

interface Period {
  readonly from: Date;
  readonly to: Date;
  /** Length of an interval, as PostgreSQL reads it. */
  readonly stride: string;
  /** Beginnings of the intervals that have a part in the period. */
  readonly starts: readonly number[];
}

/** Calls that started in one interval and ended alike, or go on. */
interface CallCount {
  readonly start: Date;
  readonly endReason: string | null;
  readonly calls: number;
  readonly connectedCalls: number;
}

interface PartCount {
  readonly start: Date;
  readonly participants: number;
  readonly minutes: number;
}

/** Days, too, are of one length here and begin in UTC: the epoch's multiples. */
function toPeriod({ from, to, interval }: CallStatsQuery): Period {
  const lengthMs = intervalMs[interval];
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const firstMs = Math.floor(fromMs / lengthMs) * lengthMs;
  const count = Math.ceil((toMs - firstMs) / lengthMs);
  if (toMs <= fromMs) {
    throw new InvalidRequestError([{ pointer: '/to', detail: 'must be after "from"' }]);
  }
  if (count > maxIntervals) {
    throw new InvalidRequestError([
      { pointer: '/interval', detail: `must divide the period into at most ${maxIntervals} intervals` },
    ]);
  }

  return {
    from: new Date(fromMs),
    to: new Date(toMs),
    stride: `${lengthMs / 1000} seconds`,
    starts: Array.from({ length: count }, (_, index) => firstMs + index * lengthMs),
  };
}

type Scope = Period & { readonly applicationId: string };

function countCalls(database: Transaction, { applicationId, from, to, stride }: Scope): Promise<CallCount[]> {
  return database.$queryRaw<CallCount[]>`
    SELECT date_bin(${stride}::interval, "startedAt", TIMESTAMPTZ 'epoch') AS start, "endReason",
      count(*)::int AS calls, count("connectedAt")::int AS "connectedCalls"
    FROM "CallRecord"
    WHERE "applicationId" = ${applicationId} AND "startedAt" >= ${from} AND "startedAt" < ${to}
    GROUP BY start, "endReason"`;
}

function countParts(
  database: Transaction,
  { applicationId, from, to, stride, now }: Scope & { readonly now: Date },
): Promise<PartCount[]> {
  return database.$queryRaw<PartCount[]>`
    SELECT date_bin(${stride}::interval, call."startedAt", TIMESTAMPTZ 'epoch') AS start,
      count(*)::int AS participants,
      sum(extract(epoch FROM coalesce(part."leftAt", ${now}) - part."connectedAt") / 60)::float8 AS minutes
    FROM "CallRecord" AS call
    JOIN "ParticipantRecord" AS part
      ON part."applicationId" = call."applicationId" AND part."callId" = call.id
    WHERE call."applicationId" = ${applicationId} AND call."startedAt" >= ${from} AND call."startedAt" < ${to}
      AND part."connectedAt" IS NOT NULL
    GROUP BY start`;
}

function toInterval(
  startMs: number,
  calls: readonly CallCount[],
  parts: PartCount | undefined,
): CallStats['items'][number] {
  const ended = calls.flatMap(({ endReason, calls: count }) =>
    endReason === null ? [] : [[endReason, count]],
  );

  return {
    start: new Date(startMs).toISOString(),
    calls: sum(calls.map((row) => row.calls)),
    connectedCalls: sum(calls.map((row) => row.connectedCalls)),
    participants: parts?.participants ?? 0,
    participantMinutes: Math.round((parts?.minutes ?? 0) * 100) / 100,
    endReasons: Object.fromEntries(ended),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
