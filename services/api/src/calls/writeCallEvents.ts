import type { CallEvent } from '@parley/backplane';
import type { Transaction } from '@parley/db';

/**
 * Writes what happened in calls into their records: one statement for each kind of event, whatever the number of
 * calls. Each can be repeated, because events may come twice; a call that has no record is passed over.
 */
export async function writeCallEvents(transaction: Transaction, events: readonly CallEvent[]): Promise<void> {
  // In the order in which a call brings them: a later statement finds the rows of the one before.
  for (const { name, write } of steps) {
    const chosen = events.filter((event) => event.name === name);
    if (chosen.length > 0) {
      await write(transaction, JSON.stringify(latest(realEndLast(chosen))));
    }
  }
}

/** @param events JSON of a list of events of one kind. */
type Write = (transaction: Transaction, events: string) => Promise<unknown>;

const steps: readonly { name: CallEvent['name']; write: Write }[] = [
  { name: 'callStarted', write: startCalls },
  { name: 'participantJoined', write: addParticipants },
  { name: 'callConnected', write: connectCalls },
  { name: 'participantConnected', write: connectParticipants },
  { name: 'roleChanged', write: changeRoles },
  { name: 'participantLeft', write: endParticipants },
  { name: 'surveySubmitted', write: addSurveys },
  { name: 'callEnded', write: endCalls },
];

/**
 * A node that was killed while a call ended tells of another end when it is back: of it nobody knows the reason, or it is
 * that nobody came back. The first with a reason counts.
 */
function realEndLast(events: readonly CallEvent[]): CallEvent[] {
  const isReal = (event: CallEvent): boolean => event.name === 'callEnded' && event.reason !== 'failed';

  return [...events.filter((event) => !isReal(event)), ...events.filter(isReal).toReversed()];
}

/** One event for each call or participant: a statement that met two for one row would take either. */
function latest(events: readonly CallEvent[]): CallEvent[] {
  const byObject = new Map(
    events.map((event) => [
      JSON.stringify([
        event.applicationId,
        event.callId,
        'participantId' in event ? event.participantId : null,
      ]),
      event,
    ]),
  );

  return [...byObject.values()];
}

async function startCalls(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    INSERT INTO "CallRecord" ("applicationId", id, kind, "roomId", "nodeId", "startedAt")
    SELECT "applicationId", "callId", kind::"CallKind", "roomId", "nodeId", to_timestamp("atMs" / 1000.0)
    FROM jsonb_to_recordset(${events}::jsonb) AS event(
      "applicationId" text, "callId" text, kind text, "roomId" text, "nodeId" text, "atMs" int8
    )
    ON CONFLICT DO NOTHING`;
}

/**
 * The name of somebody who was deleted before the event came stays out. The lock makes a deletion that is under way
 * either seen here, or wait and then see this row.
 */
async function addParticipants(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    WITH event AS MATERIALIZED (
      SELECT *, identity->>'userId' AS "userId" FROM jsonb_to_recordset(${events}::jsonb) AS event(
        "applicationId" text, "callId" text, "participantId" text, identity jsonb, role text, "atMs" int8
      )
    ), present AS MATERIALIZED (
      SELECT "applicationId", id FROM "User"
      WHERE ("applicationId", id) IN (SELECT "applicationId", "userId" FROM event)
      FOR KEY SHARE
    )
    INSERT INTO "ParticipantRecord"
      ("applicationId", "callId", id, "userId", "displayName", kind, role, "joinedAt")
    SELECT event."applicationId", event."callId", event."participantId", present.id,
      CASE WHEN present.id IS NOT NULL THEN event.identity->>'displayName' END,
      (event.identity->>'kind')::"UserKind", event.role::"Role", to_timestamp(event."atMs" / 1000.0)
    FROM event
    JOIN "CallRecord" AS call ON call."applicationId" = event."applicationId" AND call.id = event."callId"
    LEFT JOIN present ON present."applicationId" = event."applicationId" AND present.id = event."userId"
    ON CONFLICT DO NOTHING`;
}

async function connectCalls(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "CallRecord" AS call SET "connectedAt" = to_timestamp(event."atMs" / 1000.0)
    FROM jsonb_to_recordset(${events}::jsonb) AS event("applicationId" text, "callId" text, "atMs" int8)
    WHERE call."applicationId" = event."applicationId" AND call.id = event."callId"`;
}

async function connectParticipants(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "ParticipantRecord" AS part SET "connectedAt" = to_timestamp(event."atMs" / 1000.0)
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "participantId" text, "atMs" int8)
    WHERE part."applicationId" = event."applicationId" AND part."callId" = event."callId"
      AND part.id = event."participantId"`;
}

async function changeRoles(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "ParticipantRecord" AS part SET role = event.role::"Role"
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "participantId" text, role text)
    WHERE part."applicationId" = event."applicationId" AND part."callId" = event."callId"
      AND part.id = event."participantId"`;
}

async function endParticipants(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "ParticipantRecord" AS part
    SET "leftAt" = to_timestamp(event."atMs" / 1000.0), "endReason" = event.reason
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "participantId" text, "atMs" int8, reason text)
    WHERE part."applicationId" = event."applicationId" AND part."callId" = event."callId"
      AND part.id = event."participantId"`;
}

/** Of somebody who was deleted before it came, the comment stays out. */
async function addSurveys(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    INSERT INTO "CallSurvey"
      ("applicationId", "callId", "participantId", rating, issues, comment, "submittedAt")
    SELECT part."applicationId", part."callId", part.id, (event.survey->>'rating')::int,
      ARRAY(SELECT jsonb_array_elements_text(coalesce(event.survey->'issues', '[]'))),
      CASE WHEN part."userId" IS NOT NULL THEN event.survey->>'comment' END, to_timestamp(event."atMs" / 1000.0)
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "participantId" text, survey jsonb, "atMs" int8)
    JOIN "ParticipantRecord" AS part ON part."applicationId" = event."applicationId"
      AND part."callId" = event."callId" AND part.id = event."participantId"
    ON CONFLICT ("applicationId", "callId", "participantId") DO UPDATE
    SET rating = excluded.rating, issues = excluded.issues, comment = excluded.comment,
      "submittedAt" = excluded."submittedAt"`;
}

/**
 * Ends the call, and the part of everybody who is left in it. One that was given up for lost is put right: its
 * participants then left when it did. One that has ended for a reason stays so.
 */
async function endCalls(transaction: Transaction, events: string): Promise<void> {
  await transaction.$executeRaw`
    UPDATE "ParticipantRecord" AS part
    SET "leftAt" = to_timestamp(event."atMs" / 1000.0), "endReason" = event.reason
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "atMs" int8, reason text)
    JOIN "CallRecord" AS call ON call."applicationId" = event."applicationId" AND call.id = event."callId"
    WHERE part."applicationId" = event."applicationId" AND part."callId" = event."callId"
      AND (
        part."leftAt" IS NULL
        OR (part."endReason" = 'failed' AND call."endReason" = 'failed' AND part."leftAt" = call."endedAt")
      )`;
  await transaction.$executeRaw`
    UPDATE "CallRecord" AS call SET "endedAt" = to_timestamp(event."atMs" / 1000.0), "endReason" = event.reason
    FROM jsonb_to_recordset(${events}::jsonb)
      AS event("applicationId" text, "callId" text, "atMs" int8, reason text)
    WHERE call."applicationId" = event."applicationId" AND call.id = event."callId"
      AND (call."endedAt" IS NULL OR call."endReason" = 'failed')`;
}
