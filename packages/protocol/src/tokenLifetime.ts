/** How long a session token is valid when nobody says, in seconds: a day. */
export const defaultTokenSeconds = 24 * 60 * 60;

/** Longest lifetime of a session token, in seconds: seven days. What is older than that voids nothing any more. */
export const maxTokenSeconds = 7 * 24 * 60 * 60;
