import { AccessTokens } from './resources/AccessTokens.ts';
import { AnonymousDestinations } from './resources/AnonymousDestinations.ts';
import { ApiKeys } from './resources/ApiKeys.ts';
import { Applications } from './resources/Applications.ts';
import { AuditEntries } from './resources/AuditEntries.ts';
import { Calls } from './resources/Calls.ts';
import { GuestLinks } from './resources/GuestLinks.ts';
import { Own } from './resources/Own.ts';
import { Rooms } from './resources/Rooms.ts';
import { Sessions } from './resources/Sessions.ts';
import { SigningKeys } from './resources/SigningKeys.ts';
import { Tokens } from './resources/Tokens.ts';
import { Users } from './resources/Users.ts';
import { defaultRetry, type RetryOptions } from './retry.ts';
import { Transport } from './Transport.ts';

/** Who asks: one of these, or none for what needs no credential. */
export interface Credentials {
  /** Secret of an API key, `sk_…`. Not for pages: whoever reads the page has it. */
  readonly key?: string | undefined;
  /** A session token: of an administrator, or a user's own. */
  readonly token?: string | undefined;
  /** The key of whoever runs the service. */
  readonly operatorKey?: string | undefined;
}

export interface ManagementClientOptions extends Credentials {
  /** Where the service is, such as `https://calls.example`. */
  readonly url: string;
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  readonly retry?: Partial<RetryOptions> | undefined;
  /** How long one try may take; 30 seconds by default. */
  readonly timeoutSeconds?: number | undefined;
}

/** Parley's REST API: a property for each kind of thing, a method for each operation. */
export class ManagementClient {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly accessTokens: AccessTokens;
  readonly sessions: Sessions;
  readonly anonymousDestinations: AnonymousDestinations;
  readonly rooms: Rooms;
  readonly guestLinks: GuestLinks;
  readonly calls: Calls;
  readonly own: Own;
  readonly applications: Applications;
  readonly apiKeys: ApiKeys;
  readonly auditEntries: AuditEntries;
  readonly signingKeys: SigningKeys;

  /** Asks for nothing yet. Throws a `TypeError` when the URL is none or there is more than one credential. */
  constructor(options: ManagementClientOptions) {
    const transport = new Transport({
      url: toBaseUrl(options.url),
      authorization: toAuthorization(options),
      // Called as a method of ours, the global one would refuse.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      retry: { ...defaultRetry, ...options.retry },
      timeoutSeconds: options.timeoutSeconds ?? 30,
    });
    this.users = new Users(transport);
    this.tokens = new Tokens(transport);
    this.accessTokens = new AccessTokens(transport);
    this.sessions = new Sessions(transport);
    this.anonymousDestinations = new AnonymousDestinations(transport);
    this.rooms = new Rooms(transport);
    this.guestLinks = new GuestLinks(transport);
    this.calls = new Calls(transport);
    this.own = new Own(transport);
    this.applications = new Applications(transport);
    this.apiKeys = new ApiKeys(transport);
    this.auditEntries = new AuditEntries(transport);
    this.signingKeys = new SigningKeys(transport);
  }
}

/** From a variable of the environment that is not set comes undefined, whatever the types say. */
function toBaseUrl(text: string | undefined): string {
  if (text === undefined || text === '') {
    throw new TypeError('The option url is missing; one is https://calls.example.');
  }
  if (!URL.canParse(text)) {
    // Not repeated: it may be a key in the wrong place.
    throw new TypeError('The option url is no URL; one is https://calls.example.');
  }
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new TypeError('The option url must begin with https:// or http://.');
  }

  return (origin + pathname).replace(/\/+$/, '');
}

function toAuthorization({ key, token, operatorKey }: Credentials): string | undefined {
  const [credential, ...others] = [key, token, operatorKey].filter((each) => each !== undefined);
  if (others.length > 0) {
    throw new TypeError('Give one of key, token and operatorKey, not several.');
  }

  return credential === undefined ? undefined : `Bearer ${credential}`;
}
