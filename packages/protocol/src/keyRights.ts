/**
 * What an API key opens. `anonymous` = make anonymous users by client_credentials and nothing else, so that a key that
 * reaches a page does little harm; `provision` = users, tokens, rooms and calls; `admin` = all of it, besides
 * administrators, keys and settings of the application.
 */
export const keyRights = ['anonymous', 'provision', 'admin'] as const;

export type KeyRight = (typeof keyRights)[number];
