import { Prisma } from './generated/client.ts';

/**
 * What a failed query means to its caller: `conflict` = a unique key is taken, `missing` = the row to change is
 * not there, `dangling` = it refers to a row that is not there, `unavailable` = the server cannot be asked now.
 */
export type DatabaseFailure = 'conflict' | 'missing' | 'dangling' | 'unavailable';

/** Codes of https://www.prisma.io/docs/orm/reference/error-reference. */
const failureOfCode: Record<string, DatabaseFailure> = {
  P1000: 'unavailable',
  P1001: 'unavailable',
  P1002: 'unavailable',
  P1003: 'unavailable',
  P1008: 'unavailable',
  P1010: 'unavailable',
  P1011: 'unavailable',
  P1017: 'unavailable',
  P2002: 'conflict',
  P2003: 'dangling',
  P2024: 'unavailable',
  P2025: 'missing',
  P2028: 'unavailable',
  // A write conflict or deadlock: nothing happened, and the same request may succeed.
  P2034: 'unavailable',
  P2037: 'unavailable',
};

/** SQLSTATEs of a server that is shutting down, starting or overloaded, or of a connection cut off. */
const unavailableStates = new Set(['53300', '57P01', '57P02', '57P03', '08000', '08003', '08006']);

/** Prisma's names for what the driver reports of the way to the server. */
const unavailableKinds = new Set([
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
]);

/** What the driver says, without any code, of a connection that could not be made in time or was lost. */
const connectionLoss =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/** The failure behind an error of the database, or undefined when it is a fault of the program. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  if (error instanceof Prisma.PrismaClientInitializationError) {
    return 'unavailable';
  }
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    return failureOfCode[error.code] ?? (isUnavailable(error.meta) ? 'unavailable' : undefined);
  }

  return error instanceof Error && connectionLoss.test(error.message) ? 'unavailable' : undefined;
}

/** The name of the unique index that a write came up against, or undefined when it failed otherwise. */
export function violatedIndex(error: unknown): string | undefined {
  if (databaseFailure(error) !== 'conflict') {
    return undefined;
  }
  const cause = causeOf((error as Prisma.PrismaClientKnownRequestError).meta);
  const { constraint } = (cause ?? {}) as { constraint?: { index?: unknown } };

  return typeof constraint?.index === 'string' ? constraint.index : undefined;
}

/** A raw query fails with one code for everything and carries the driver's error: a kind, and a state with some. */
function isUnavailable(meta: Record<string, unknown> | undefined): boolean {
  const cause = causeOf(meta);
  if (cause === undefined) {
    return false;
  }
  const { originalCode, kind } = cause as { originalCode?: unknown; kind?: unknown };

  return (
    (typeof originalCode === 'string' && unavailableStates.has(originalCode)) ||
    (typeof kind === 'string' && unavailableKinds.has(kind))
  );
}

/** What the driver reported, when it did. */
function causeOf(meta: Record<string, unknown> | undefined): object | undefined {
  const driverError = meta?.['driverAdapterError'];
  const cause: unknown = driverError instanceof Error ? driverError.cause : undefined;

  return typeof cause === 'object' && cause !== null ? cause : undefined;
}
