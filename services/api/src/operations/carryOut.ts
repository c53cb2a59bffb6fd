import type { Transaction } from '@parley/db';
import type { OperationDescription, OperationName } from '@parley/protocol/rest';
import { auditActor } from '../audit/auditActor.ts';
import { auditDetails } from '../audit/auditDetails.ts';
import { writeAuditEntry } from '../audit/writeAuditEntry.ts';
import type { ApiContext } from '../context.ts';
import { IdempotentRequest, type KeptAnswer } from '../idempotency/IdempotentRequest.ts';
import { scopeOf } from '../idempotency/scope.ts';
import { handlers, selfRecording } from './handlers.ts';
import type { FoundApplication, Handler, OperationCall } from './handlerTypes.ts';
import { preparations } from './preparations.ts';
import type { Received } from './receive.ts';

export interface Outcome extends KeptAnswer {
  /** Whether it was answered before and is only repeated. */
  readonly isReplayed: boolean;
}

interface Task {
  readonly name: OperationName;
  readonly operation: OperationDescription;
  /** As it was asked for, ids and all. */
  readonly path: string;
  readonly received: Received;
}

/** What of a call is not the request's own. */
interface Means
  extends
    Pick<OperationCall<OperationName>, 'context' | 'database'>,
    Partial<Pick<OperationCall<OperationName>, 'publish' | 'afterwards'>> {
  readonly prepared?: unknown;
}

/**
 * Carries out an operation. One that changes something does so in one transaction with its audit row and, when the
 * request has an Idempotency-Key, with the answer kept for a retry: all of it is there afterwards, or nothing. Who
 * asks again is let in anew, for the link or the token that let them in before may be void by now.
 */
export async function carryOut(task: Task, context: ApiContext): Promise<Outcome> {
  const { name, operation, received } = task;
  if (operation.method === 'get') {
    return first(operation, await bodyOf(task, handlers[name], { context, database: context.database }));
  }
  const recordItself = received.idempotencyKey === undefined ? selfRecording[name] : undefined;
  const recorded =
    recordItself && (await bodyOf(task, recordItself, { context, database: context.database }));
  if (recorded !== undefined) {
    return first(operation, recorded);
  }
  const idempotent = idempotentRequest(task, context);
  const prepared = await prepare(task, context);

  let tasks: (() => Promise<void>)[] = [];

  const outcome = await context.transactions.run(ownerOf(task, prepared), async (transaction, publish) => {
    // Of an attempt before this one nothing is left to be done.
    tasks = [];
    const afterwards = (one: () => Promise<void>) => void tasks.push(one);
    const kept = await idempotent?.claim(transaction);
    if (kept !== undefined) {
      return { ...kept, isReplayed: true };
    }
    const means = { context, database: transaction, publish, afterwards, prepared };
    const answered = first(operation, await bodyOf(task, handlers[name], means));
    await audit(task, answered, context, transaction);
    await idempotent?.keep(transaction, answered);

    return answered;
  });
  for (const one of tasks) {
    await one();
  }

  return outcome;
}

async function bodyOf({ received }: Task, handler: unknown, means: Means): Promise<unknown> {
  // The compiler does not connect the handler found under a name with the schemas found under the same name.
  const handle = handler as Handler<OperationName>;

  return handle({ ...received, ...means } as unknown as OperationCall<OperationName>);
}

async function prepare({ name, received }: Task, context: ApiContext): Promise<unknown> {
  const prepareFor = (preparations as Partial<Record<OperationName, (call: unknown) => Promise<unknown>>>)[
    name
  ];

  return prepareFor?.({ ...received, context });
}

/** The application that the request is one of; undefined for those of the operator. */
function ownerOf({ operation, received }: Task, prepared: unknown): string | undefined {
  // What a public operation prepares is of the application that the visitor's secret opens.
  return operation.access === 'public'
    ? (prepared as FoundApplication).applicationId
    : received.applicationId;
}

/** The outcome of a request that was carried out now. */
function first(operation: OperationDescription, body: unknown): Outcome {
  const checked = operation.answer?.parse(body);

  return {
    status: operation.status,
    location: locationOf(operation, checked),
    body: checked,
    isReplayed: false,
  };
}

function locationOf({ location }: OperationDescription, answer: unknown): string | undefined {
  return location?.replace(/\{(\w+)\}/g, (_braces, field: string) =>
    encodeURIComponent(String((answer as Record<string, unknown>)[field])),
  );
}

async function audit(
  { name, path, received }: Task,
  answer: KeptAnswer,
  { clock }: ApiContext,
  transaction: Transaction,
): Promise<void> {
  const actor = auditActor(received.principal);
  if (actor === undefined) {
    return;
  }
  await writeAuditEntry(transaction, {
    applicationId: received.applicationId ?? received.params['applicationId'],
    at: new Date(clock.now()),
    actor,
    action: name,
    path: answer.location ?? pathOfMade(path, answer),
    details: auditDetails(name, received),
    source: received.source,
  });
}

/** The log names what was made, also where no operation reads a single one. */
function pathOfMade(path: string, { status, body }: KeptAnswer): string {
  const made = status === 201 ? (body as { id?: string; kid?: string }) : {};
  const id = made.id ?? made.kid;

  return id === undefined ? path : `${path}/${encodeURIComponent(id)}`;
}

function idempotentRequest(
  { operation, path, received }: Task,
  context: ApiContext,
): IdempotentRequest | undefined {
  const { idempotencyKey: key, principal, body } = received;
  const { idempotency: holds, secretFields, method } = operation;

  return key === undefined || holds === undefined
    ? undefined
    : new IdempotentRequest(
        { scope: scopeOf(principal, { key, body }), key, method, path, body, holds, secretFields },
        context,
      );
}
