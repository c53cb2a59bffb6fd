/**
 * The embedded PostgreSQL cannot do its work, for a reason somebody can remove. The message is one sentence
 * with the cause and the cure, fit to be shown without a stack trace.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
