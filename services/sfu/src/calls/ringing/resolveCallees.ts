import type { Admission, UserRecord } from '@parley/backplane';
import { phoneNumberSchema, ProtocolError } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** Somebody the caller wants to ring. */
export interface Callee {
  /** How they were dialled: two names of one user are one callee. */
  readonly dialled: readonly string[];
  /** Undefined when nobody is called that. */
  readonly user: UserRecord | undefined;
}

/**
 * Finds whom user ids and E.164 numbers stand for. A number is its user's even when it is the id of another: ids of
 * that form are not given any more, and nobody may take a number by one given before.
 */
export async function resolveCallees(
  applicationId: string,
  dialled: readonly string[],
  admission: Admission,
): Promise<Callee[]> {
  const names = [...new Set(dialled)];
  const found = await Promise.all(names.map(async (name) => ({ name, user: await userCalled(name) })));
  const byId = Map.groupBy(found, ({ name, user }) => user?.userId ?? `nobody ${name}`);

  return [...byId.values()].map((same) => ({
    dialled: same.map(({ name }) => name),
    user: same[0]?.user,
  }));

  async function userCalled(name: string): Promise<UserRecord | undefined> {
    const owner = isNumber(name) ? await admission.userOfNumber(applicationId, name) : undefined;

    return owner ?? admission.user(applicationId, name);
  }
}

/** Whether it has the form of an E.164 number. */
export function isNumber(name: string): boolean {
  return phoneNumberSchema.safeParse(name).success;
}

/**
 * An anonymous user may ring one of the application's destinations at a time and nobody else. Throws `forbidden`,
 * in the same words whether or not there is somebody of that name.
 */
export function requireDestination(
  { identity }: CallEndpoint,
  callees: readonly Callee[],
  destinations: readonly string[],
): void {
  const [callee, ...others] = callees;
  const { userId, phoneNumbers = [] } = callee?.user ?? {};
  const names = [
    ...(callee?.dialled ?? []),
    ...phoneNumbers,
    // One that is a number names that number's user in the list, too.
    ...(userId === undefined || isNumber(userId) ? [] : [userId]),
  ];
  const isDestination = others.length === 0 && names.some((name) => destinations.includes(name));
  if (identity.kind === 'anonymous' && !isDestination) {
    throw new ProtocolError('forbidden', 'An anonymous user may not call that.');
  }
}
