import type { Application as ApplicationRow } from '@parley/db';
import type { Application } from '@parley/protocol/rest';
import { callSettingsOf } from '../callSettings/callSettingsOf.ts';
import { limitsOf } from './limitsOf.ts';

/** An application as the API shows one. */
export function toApplicationAnswer(application: ApplicationRow): Application {
  const { id, name, publicKey, allowedOrigins, contacts, createdAt } = application;

  return {
    id,
    name,
    publicKey,
    allowedOrigins,
    limits: limitsOf(application),
    callSettings: callSettingsOf(application),
    contacts,
    createdAt: createdAt.toISOString(),
  };
}
