import { createHmac } from 'node:crypto';
import type { Clock } from '@parley/kit';
import type { IceServer } from '@parley/protocol';

export interface TurnConfig {
  /** `turn:` and `turns:` URLs of RFC 7065, the preferred one first. */
  readonly urls: readonly string[];
  /** Shared with the TURN server, as coturn's `static-auth-secret`. */
  readonly secret: string;
  /** How long a credential opens an allocation; one that is open lasts. */
  readonly ttlSeconds: number;
}

/** Whose client it is; an endpoint is one. */
export interface TurnUser {
  readonly applicationId: string;
  readonly identity: { readonly userId: string };
}

/** Makes the ICE servers of one user's client: anew for each answer, for their credential does not last. */
export type IceServersFor = (user: TurnUser) => IceServer[];

/**
 * The TURN servers with a credential of their REST API (draft-uberti-behave-turn-rest-00): whoever knows the secret can
 * check it, nobody keeps a list. The name in it tells one user's allocations from another's, and not who they are: the
 * TURN server logs it, and counts by it. An id names a user of one application only, and another's may be the same.
 */
export function turnIceServers({ urls, secret, ttlSeconds }: TurnConfig, clock: Clock): IceServersFor {
  return ({ applicationId, identity: { userId } }) => {
    const expiresAtSeconds = Math.floor(clock.now() / 1000) + ttlSeconds;
    const user = JSON.stringify([applicationId, userId]);
    const name = createHmac('sha256', secret).update(user).digest('base64url').slice(0, 16);
    const username = `${expiresAtSeconds}:${name}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');

    return [{ urls: [...urls], username, credential }];
  };
}
