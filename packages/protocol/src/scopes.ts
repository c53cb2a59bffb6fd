/**
 * What a session token lets its bearer do: `calls` = start, be called and join; `calls.join` = join calls one
 * was invited to; `rooms.join` = join rooms whose roster or guest link admits one.
 */
export const scopes = ['calls', 'calls.join', 'rooms.join'] as const;

export type Scope = (typeof scopes)[number];
