/** A step of the set-up cannot be done; the message is one sentence with the cause and the cure. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
