import type { CallDirectory } from '@parley/backplane';
import type { Database } from '@parley/db';
import type { Clock } from '@parley/kit';

/**
 * Time for the news of a call to come, for the next api to hear of a call that moves, and for a node that was killed
 * to start again: the calls that it takes up within a minute have not ended.
 */
const silenceMs = 90_000;

/** Rows read at once. */
const batch = 500;

interface CallKey {
  readonly applicationId: string;
  readonly id: string;
}

interface LiveRow extends CallKey {
  /** The last moment the record tells of. */
  readonly heardAt: Date;
}

/** What this api knows of a live call. */
interface Sighting {
  /** When it was last in the directory, or else when the record last tells of it. */
  readonly seenAtMs: number;
  /** Since when it is missing there; unset while it is not. */
  readonly missingSinceMs?: number;
}

interface LostCall extends CallKey {
  readonly endedAtMs: number;
}

export interface LostCallsOptions {
  readonly database: Database;
  readonly callDirectory: CallDirectory;
  readonly clock: Clock;
}

/**
 * Ends the records of calls whose node died without a word: they are live in the database, and have been missing in
 * the call directory for a minute and a half, under the eyes of this api. They end when they were last known to live, so that
 * a service that was down over night counts no minutes of the night.
 */
export class LostCalls {
  readonly #options: LostCallsOptions;
  #sightings = new Map<string, Sighting>();

  constructor(options: LostCallsOptions) {
    this.#options = options;
  }

  /** Looks at every live record once; answers how many it has ended. */
  async end(): Promise<number> {
    const sightings = new Map<string, Sighting>();
    let count = 0;
    let after: CallKey = { applicationId: '', id: '' };
    let rows: LiveRow[];
    do {
      rows = await this.#read(after);
      after = rows.at(-1) ?? after;
      const found = await Promise.all(rows.map((row) => this.#judge(row, sightings)));
      const lost = found.filter((call) => call !== undefined);
      count += lost.length;
      await this.#endAll(lost);
    } while (rows.length === batch);
    this.#sightings = sightings;

    return count;
  }

  async #judge(row: LiveRow, sightings: Map<string, Sighting>): Promise<LostCall | undefined> {
    const { callDirectory, clock } = this.#options;
    const { applicationId, id } = row;
    const key = JSON.stringify([applicationId, id]);
    const isLive = (await callDirectory.find(applicationId, id)) !== undefined;
    const nowMs = clock.now();
    const before = this.#sightings.get(key);
    const heardAtMs = Math.max(row.heardAt.getTime(), before?.seenAtMs ?? 0);
    if (isLive) {
      sightings.set(key, { seenAtMs: nowMs });

      return undefined;
    }
    const missingSinceMs = before?.missingSinceMs ?? nowMs;
    // News may have come of one that is not listed.
    if (nowMs - Math.max(missingSinceMs, heardAtMs) >= silenceMs) {
      return { applicationId, id, endedAtMs: heardAtMs };
    }
    sightings.set(key, { missingSinceMs, seenAtMs: heardAtMs });

    return undefined;
  }

  async #read({ applicationId, id }: CallKey): Promise<LiveRow[]> {
    return this.#options.database.$queryRaw<LiveRow[]>`
      SELECT call."applicationId", call.id, greatest(
        call."startedAt", call."connectedAt", max(part."joinedAt"), max(part."connectedAt"), max(part."leftAt")
      ) AS "heardAt"
      FROM "CallRecord" AS call
      LEFT JOIN "ParticipantRecord" AS part
        ON part."applicationId" = call."applicationId" AND part."callId" = call.id
      WHERE call."endedAt" IS NULL AND (call."applicationId", call.id) > (${applicationId}, ${id})
      GROUP BY call."applicationId", call.id
      ORDER BY call."applicationId", call.id
      LIMIT ${batch}`;
  }

  /** Those that have ended meanwhile, as they should, keep their reason. */
  async #endAll(calls: readonly LostCall[]): Promise<void> {
    if (calls.length === 0) {
      return;
    }
    await this.#options.database.$executeRaw`
      WITH ended AS (
        UPDATE "CallRecord" AS call
        SET "endedAt" = to_timestamp(lost."endedAtMs" / 1000.0), "endReason" = 'failed'
        FROM jsonb_to_recordset(${JSON.stringify(calls)}::jsonb)
          AS lost("applicationId" text, id text, "endedAtMs" int8)
        WHERE call."applicationId" = lost."applicationId" AND call.id = lost.id AND call."endedAt" IS NULL
        RETURNING call."applicationId", call.id, call."endedAt"
      )
      UPDATE "ParticipantRecord" AS part SET "leftAt" = ended."endedAt", "endReason" = 'failed'
      FROM ended
      WHERE part."applicationId" = ended."applicationId" AND part."callId" = ended.id AND part."leftAt" IS NULL`;
  }
}
