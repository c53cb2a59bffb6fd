import { Client } from 'pg';

/** The database cannot be used; `message` is one sentence with cause and cure, and holds no password. */
export class DatabaseConnectionError extends Error {
  override readonly name = 'DatabaseConnectionError';
}

const connectionTimeoutMs = 10_000;

/** Connects one session to `url`, or throws `DatabaseConnectionError`. The caller ends the session. */
export async function connect(url: string): Promise<Client> {
  const place = parseUrl(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectionTimeoutMs });
  // A session lost between two queries is reported by the next query; without a listener it ends the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw new DatabaseConnectionError(describe(error, place), { cause: error });
  }

  return client;
}

interface Place {
  host: string;
  user: string;
  database: string;
}

function parseUrl(text: string): Place {
  const url = URL.parse(text);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw malformedUrl();
  }
  try {
    const host = decodeURIComponent(url.hostname) || (url.searchParams.get('host') ?? 'localhost');
    const user = decodeURIComponent(url.username);
    // PostgreSQL's own default: the database named like the user.
    const database = decodeURIComponent(url.pathname.slice(1)) || user;

    return { host: `${host}:${url.port || '5432'}`, user, database };
  } catch {
    throw malformedUrl();
  }
}

function malformedUrl(): DatabaseConnectionError {
  return new DatabaseConnectionError(
    'DATABASE_URL is not a PostgreSQL URL: it must look like postgresql://user:password@host:5432/database.',
  );
}

/** Socket errors by their system code, refusals by their SQLSTATE (PostgreSQL's appendix A). */
function describe(error: unknown, { host, user, database }: Place): string {
  switch (codeOf(error)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The database host in DATABASE_URL cannot be found (${host}): check its name.`;
    case 'ECONNREFUSED':
      return `No database server answers at ${host}: start it, or correct host and port in DATABASE_URL.`;
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `The database server at ${host} cannot be reached: check DATABASE_URL and the network.`;
    case '28P01':
    case '28000':
      return `The database server at ${host} refuses the user "${user}": check user and password in DATABASE_URL.`;
    case '3D000':
      return `There is no database "${database}" at ${host}: create it, or correct DATABASE_URL.`;
    case '42501':
      return `The user "${user}" may not use the database "${database}" at ${host}: grant it the CONNECT right.`;
    case '53300':
      return `The database server at ${host} has no connection left: raise max_connections or close others.`;
    case '57P03':
      return `The database server at ${host} is still starting: try again in a moment.`;
    default:
      return describeMessage(messageOf(error), host);
  }
}

/** What the driver finds out by itself has no code, only its words. */
function describeMessage(message: string, host: string): string {
  if (/SSL|certificate/i.test(message)) {
    return `No secure connection to the database server at ${host} (${message}): check sslmode in DATABASE_URL.`;
  }
  if (/timeout|terminated unexpectedly|unexpected message|Unknown message/i.test(message)) {
    return `What answers at ${host} does not speak PostgreSQL: correct host and port in DATABASE_URL.`;
  }

  return `The database server at ${host} cannot be used (${message}): check DATABASE_URL.`;
}

function codeOf(error: unknown): string | undefined {
  // A name with several addresses fails with one error for each of them.
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;

  return one instanceof Error && 'code' in one && typeof one.code === 'string' ? one.code : undefined;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
