import { violatedIndex } from '@parley/db';
import { ProtocolError } from '@parley/protocol';

/** What is taken when a write comes up against a unique index. */
const messages: Readonly<Record<string, string>> = {
  User_pkey: 'There is a user of this id already.',
  User_applicationId_email_key: 'Another user has this e-mail address.',
  PhoneNumber_pkey: 'Another user has one of these telephone numbers.',
};

/** Waits for a write of a user; its `conflict` says what is taken. */
export async function nameConflict<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    const message = messages[violatedIndex(error) ?? ''];
    throw message === undefined ? error : new ProtocolError('conflict', message, { cause: error });
  }
}
