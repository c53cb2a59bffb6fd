import { databaseFailure, type Database } from '@parley/db';
import { createDeferred, type Clock, type Deferred } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { AuditActor } from '@parley/protocol/rest';
import type { RequestSource } from '../requests/RequestSource.ts';

/** A token that is about to be issued. */
export interface TokenIssue {
  readonly applicationId: string;
  readonly userId: string;
  /** Whether the user may be an administrator. */
  readonly mayServeAdministrators: boolean;
  readonly actor: AuditActor;
  readonly source: RequestSource;
}

/** What is on record of an issue. */
export interface RecordedIssue {
  readonly displayName: string;
  readonly issuedAtMs: number;
}

interface Waiting {
  readonly issue: TokenIssue;
  readonly recorded: Deferred<RecordedIssue | undefined>;
}

/** One statement writes this many rows at most, so that its text stays small. */
const maxBatch = 500;

/** Who would wait longer than about a second is told so at once. */
const maxWaiting = 5_000;

/**
 * Writes the audit rows of issued session tokens, those of concurrent requests in one statement: the first request
 * starts a write, whoever comes meanwhile shares the next. The same statement finds the users, so a token costs one
 * part of one statement.
 *
 * The users' rows are held while it is written. A user's deletion comes either before, and the user is not found, or
 * after the moment on record, and voids what is signed with that. A deletion under way is not waited for, as everybody
 * else's tokens would wait with it.
 */
export class TokenRecorder {
  readonly #database: Database;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Resolves when the row is durable; undefined when no such user can be held at once to issue the token to. */
  async record(issue: TokenIssue): Promise<RecordedIssue | undefined> {
    if (this.#waiting.length >= maxWaiting) {
      throw new ProtocolError('unavailable', 'Too many tokens are being issued.', { retryAfterSeconds: 1 });
    }
    const recorded = createDeferred<RecordedIssue | undefined>();
    this.#waiting.push({ issue, recorded });
    this.#writing ??= this.#writeAll();

    return recorded.promise;
  }

  /** Resolves when nothing is left to write. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        const found = await this.#write(batch.map(({ issue }) => issue));
        batch.forEach(({ recorded }, index) => recorded.resolve(found.get(index)));
      } catch (error) {
        // While the database is away each further batch would wait for it as long again.
        const rest = databaseFailure(error) === 'unavailable' ? this.#waiting.splice(0) : [];
        [...batch, ...rest].forEach(({ recorded }) => recorded.reject(error));
      }
    }
    this.#writing = undefined;
  }

  /** What is on record by the index of the issue; those without a user are missing. */
  async #write(issues: readonly TokenIssue[]): Promise<Map<number, RecordedIssue>> {
    const issuedAtMs = this.#clock.now();
    const rows = await this.#database.$queryRaw<{ index: number; displayName: string }[]>`
      WITH asked AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(issues.map(toRow))}::jsonb) AS row(
          "index" int, "applicationId" text, "userId" text, "mayServeAdministrators" boolean,
          "actorKind" "AuditActorKind", "actorId" text, "target" text, "address" text, "requestId" text
        )
      ), found AS (
        SELECT asked.*, "User"."displayName"
        FROM asked JOIN "User" ON "User"."applicationId" = asked."applicationId" AND "User"."id" = asked."userId"
        WHERE "User"."kind" = 'user' AND (asked."mayServeAdministrators" OR NOT "User"."isAdmin")
        FOR KEY SHARE OF "User" SKIP LOCKED
      ), written AS (
        INSERT INTO "AuditEntry"
          ("applicationId", "at", "actorKind", "actorId", "action", "target", "address", "requestId")
        SELECT "applicationId", ${new Date(issuedAtMs)}, "actorKind", "actorId", 'issueToken', "target", "address",
               "requestId"
        FROM found ORDER BY "index"
      )
      SELECT "index", "displayName" FROM found`;

    return new Map(rows.map(({ index, displayName }) => [index, { displayName, issuedAtMs }]));
  }
}

function toRow(
  { applicationId, userId, mayServeAdministrators, actor, source }: TokenIssue,
  index: number,
): object {
  return {
    index,
    applicationId,
    userId,
    mayServeAdministrators,
    actorKind: actor.kind,
    actorId: actor.id,
    target: `users/${encodeURIComponent(userId)}/tokens`,
    address: source.address,
    requestId: source.requestId,
  };
}
