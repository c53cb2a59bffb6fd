import type { CreateGuestSession, GuestSession } from '@parley/protocol/rest';
import * as z from 'zod/mini';
import type { Session } from './Session.ts';
import { webConfigSchema, type WebConfig } from './webConfig.ts';

/** A request that the server refused or did not answer, with the code by which to tell people about it. */
export class RestError extends Error {
  override readonly name = 'RestError';
  /** A code of the problem document or of OAuth 2; `unreachable` when no answer came. */
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`The server answered ${code}.`, options);
    this.code = code;
  }
}

export interface Credentials {
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
}

/** The few REST calls that come before the SDK has a token. */
export interface RestApi {
  loadConfig(): Promise<WebConfig>;
  /** @throws RestError `invalid_grant` when the password is wrong, `invalid_client` when the application is. */
  signIn(credentials: Credentials): Promise<Session>;
  /** @throws RestError when the link is wrong or has expired. */
  openGuestSession(code: string, displayName: string): Promise<Session>;
}

const tokenAnswerSchema = z.object({ access_token: z.string() });

const guestAnswerSchema = z.object({
  token: z.string(),
  roomId: z.string(),
  roomName: z.optional(z.string()),
}) satisfies z.ZodMiniType<Pick<GuestSession, 'token' | 'roomId' | 'roomName'>>;

/** RFC 9457 with Parley's `code`, or RFC 6749 section 5.2. */
const refusalSchema = z.union([z.object({ code: z.string() }), z.object({ error: z.string() })]);

export function createRestApi(send: typeof fetch): RestApi {
  return {
    loadConfig: () => ask(webConfigSchema, '/web-config.json'),

    async signIn({ clientId, email, password }) {
      const body = new URLSearchParams({
        grant_type: 'password',
        client_id: clientId,
        username: email,
        password,
        scope: 'openid',
      });
      const { access_token: token } = await ask(tokenAnswerSchema, '/v1/oauth/token', {
        method: 'POST',
        body,
      });

      return { kind: 'user', token };
    },

    async openGuestSession(code, displayName) {
      const answer = await ask(guestAnswerSchema, '/v1/guest-sessions', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ code, displayName } satisfies CreateGuestSession),
      });

      return { kind: 'guest', code, ...answer };
    },
  };

  async function ask<Schema extends z.ZodMiniType>(
    schema: Schema,
    path: string,
    init?: RequestInit,
  ): Promise<z.output<Schema>> {
    let response: Response;
    try {
      response = await send(path, { ...init, cache: 'no-store' });
    } catch (error) {
      throw new RestError('unreachable', { cause: error });
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const refusal = refusalSchema.safeParse(body);
      throw new RestError(refusal.success ? codeOf(refusal.data) : 'unavailable');
    }
    const answer = schema.safeParse(body);
    if (!answer.success) {
      throw new RestError('unavailable', { cause: answer.error });
    }

    return answer.data;
  }
}

function codeOf(refusal: z.output<typeof refusalSchema>): string {
  return 'code' in refusal ? refusal.code : refusal.error;
}
