/**
 * What a session token lets its bearer do: `calls` = start, be called and join; `calls.join` = join calls one
 * was invited to; `rooms.join` = join rooms whose roster or guest link admits one.
 */
export const scopes = ['calls', 'calls.join', 'rooms.join'] as const;

export type Scope = (typeof scopes)[number];

/**
 * Every scope a session token may carry. `admin` opens the REST API of the token's application; only the sign-in of
 * an administrator gives it, no backend can issue it.
 */
export const sessionScopes = [...scopes, 'admin'] as const;

export type SessionScope = (typeof sessionScopes)[number];
