/** The hash of the password in a body, or what the body says instead: null takes it away, undefined leaves it. */
export type PasswordHash = string | null | undefined;
