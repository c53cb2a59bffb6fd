import { Prisma } from './generated/client.ts';

/**
 * What a failed query means to its caller: `conflict` = a unique key is taken, `missing` = the row to change is
 * not there, `dangling` = it refers to a row that is not there, `unavailable` = the server cannot be asked now,
 * `contended` = it was stopped so that another transaction could go on, and may succeed when it is carried out again,
 * `locked` = another transaction holds the row for longer than is waited for.
 */
export type DatabaseFailure = 'conflict' | 'missing' | 'dangling' | 'unavailable' | 'contended' | 'locked';

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
  P2034: 'contended',
  P2037: 'unavailable',
};

/** SQLSTATEs (PostgreSQL's appendix A) of statements that failed through no fault of theirs. */
const failureOfState: Record<string, DatabaseFailure> = {
  // A server that is shutting down, starting or overloaded, or a connection cut off.
  '08000': 'unavailable',
  '08003': 'unavailable',
  '08006': 'unavailable',
  '53300': 'unavailable',
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
  '55P03': 'locked',
};

/** Prisma's name for a serialization failure or a deadlock. */
const contendedKind = 'TransactionWriteConflict';

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
    return failureOfCode[error.code] ?? driverFailure(error.meta);
  }

  return error instanceof Error && connectionLoss.test(error.message) ? 'unavailable' : undefined;
}

/** Whether it says nothing against the query: the same one may succeed later. */
export function isPassing(error: unknown): boolean {
  const failure = databaseFailure(error);

  return failure === 'unavailable' || failure === 'contended' || failure === 'locked';
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
function driverFailure(meta: Record<string, unknown> | undefined): DatabaseFailure | undefined {
  const { originalCode, kind } = (causeOf(meta) ?? {}) as { originalCode?: unknown; kind?: unknown };
  if (kind === contendedKind) {
    return 'contended';
  }
  if (typeof kind === 'string' && unavailableKinds.has(kind)) {
    return 'unavailable';
  }

  return typeof originalCode === 'string' ? failureOfState[originalCode] : undefined;
}

/** What the driver reported, when it did. */
function causeOf(meta: Record<string, unknown> | undefined): object | undefined {
  const driverError = meta?.['driverAdapterError'];
  const cause: unknown = driverError instanceof Error ? driverError.cause : undefined;

  return typeof cause === 'object' && cause !== null ? cause : undefined;
}
