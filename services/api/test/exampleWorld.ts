import { createHash, randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { limitTable, type LimitName } from '@parley/protocol';
import {
  exampleWorld,
  type AuditEntry,
  type Call,
  type CallParticipant,
  type User,
} from '@parley/protocol/rest';
import type { TestApi } from './testApi.ts';

const {
  application,
  alice,
  bob,
  room,
  guestLink,
  accessToken,
  auditEntry,
  serviceAuditEntry,
  endedCall,
  liveCall,
} = exampleWorld;
const applicationId = application.id;
const nodeId = 'node-of-the-examples';

/** Of every key, in every world of this run: the api remembers a key for a second. */
const secretPart = randomBytes(32).toString('base64url');

/** Alice's; one for all worlds, since making it takes as long as a check of it. */
const passwordHash = hash(exampleWorld.alicePassword);

/** Values of the Authorization header. */
export interface WorldCredentials {
  readonly key: string;
  readonly consoleKey: string;
}

/** A world in which the documented examples come out as documented. What an earlier example left is gone. */
export async function makeExampleWorld(api: TestApi): Promise<WorldCredentials> {
  const { database, backplane } = api;
  await database.application.deleteMany();
  await database.auditEntry.deleteMany();
  await database.application.create({
    data: {
      id: applicationId,
      name: application.name,
      publicKey: application.publicKey,
      allowedOrigins: application.allowedOrigins,
      limits: changedLimits(),
      contacts: application.contacts,
      anonymousDestinations: [bob.id],
      createdAt: application.createdAt,
    },
  });
  await backplane.admission.putApplication({
    applicationId,
    allowedOrigins: application.allowedOrigins,
    anonymousDestinations: [bob.id],
    limits: application.limits,
  });
  await makeUsers(api);
  await makeRoom(api);
  for (const call of [endedCall, liveCall]) {
    await makeCall(api, call);
  }
  await backplane.callDirectory.put({
    applicationId,
    callId: liveCall.id,
    nodeId,
    roomId: room.id,
    userIds: [alice.id],
  });
  await makeAuditEntry(api, null, serviceAuditEntry);
  await makeAuditEntry(api, applicationId, auditEntry);

  return {
    key: await makeKey(api, exampleWorld.apiKey),
    consoleKey: await makeKey(api, exampleWorld.consoleKey),
  };
}

/** A node that does whatever it is told about the live call. */
export function serveExampleNode({ backplane }: TestApi): void {
  backplane.nodeCommands.handle(nodeId, async () => {});
}

/** Those that are not as they are by default. */
function changedLimits(): Partial<Record<LimitName, number>> {
  return Object.fromEntries(
    Object.entries(application.limits).filter(
      ([name, value]) => limitTable[name as LimitName].standard !== value,
    ),
  );
}

async function makeUsers(api: TestApi): Promise<void> {
  for (const user of [alice, bob] satisfies User[]) {
    const { id, displayName, email, phoneNumbers, metadata, hasPassword, createdAt } = user;
    await api.database.user.create({
      data: {
        applicationId,
        id,
        displayName,
        email: email ?? null,
        passwordHash: hasPassword ? await passwordHash : null,
        ...(metadata === undefined ? {} : { metadata }),
        phoneNumbers: { create: phoneNumbers.map((number) => ({ number })) },
        createdAt,
      },
    });
  }
  await api.database.accessToken.create({
    data: {
      id: accessToken.id,
      applicationId,
      userId: alice.id,
      name: accessToken.name ?? null,
      secretHash: sha256(api.keepSecret(exampleWorld.accessTokenValue).replace('at_', '')),
      createdAt: accessToken.createdAt,
    },
  });
}

async function makeRoom(api: TestApi): Promise<void> {
  const { roster, name, ...settings } = room;
  await api.database.room.create({
    data: {
      ...settings,
      applicationId,
      name: name ?? null,
      roster: { create: Object.entries(roster).map(([userId, role]) => ({ userId, role })) },
    },
  });
  await api.database.guestLink.create({
    data: {
      ...guestLink,
      maxUses: guestLink.maxUses ?? null,
      applicationId,
      roomId: room.id,
      secretHash: sha256(api.keepSecret(exampleWorld.guestCode)),
    },
  });
}

async function makeCall({ database }: TestApi, call: Call): Promise<void> {
  const {
    state: _state,
    roomId = null,
    connectedAt = null,
    endedAt = null,
    endReason = null,
    ...rest
  } = call;
  const participants = call.participants.map(toParticipantRow);
  await database.callRecord.create({
    data: {
      ...rest,
      roomId,
      connectedAt,
      endedAt,
      endReason,
      applicationId,
      nodeId,
      participants: { create: participants },
    },
  });
}

async function makeAuditEntry(
  { database }: TestApi,
  whose: string | null,
  { at, actor, action, target, details, address, requestId }: AuditEntry,
): Promise<void> {
  await database.auditEntry.create({
    data: {
      applicationId: whose,
      at,
      actorKind: actor.kind,
      actorId: actor.id ?? null,
      action,
      target,
      details,
      address: address ?? null,
      requestId: requestId ?? null,
    },
  });
}

function toParticipantRow(participant: CallParticipant) {
  const {
    userId = null,
    displayName = null,
    connectedAt = null,
    leftAt = null,
    survey,
    ...rest
  } = participant;
  const stored = { ...survey, comment: survey?.comment ?? null, submittedAt: leftAt ?? rest.joinedAt };

  return {
    ...rest,
    userId,
    displayName,
    connectedAt,
    leftAt,
    endReason: rest.endReason ?? null,
    ...(survey === undefined ? {} : { survey: { create: { ...stored, rating: survey.rating } } }),
  };
}

/** The key as it is documented, with a secret of this run. */
async function makeKey(
  api: TestApi,
  { id, name, rights, createdAt }: typeof exampleWorld.apiKey,
): Promise<string> {
  const secret = id.replace('key_', '') + secretPart;
  await api.database.apiKey.create({
    data: { privateKey: id, applicationId, name, rights, createdAt, secretHash: sha256(secret) },
  });

  return `Bearer sk_${api.keepSecret(secret)}`;
}

function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
