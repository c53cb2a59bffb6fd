import { loopbackHostNames } from '@parley/protocol';
import { toApplicationRecord } from '../admission/records.ts';
import { randomId } from '../security/ids.ts';
import type { DemoContext } from './DemoContext.ts';

/** Nothing else is ever made under that id by itself. */
export const demoApplicationId = 'demo';

const applicationId = demoApplicationId;

/** The demo is for people developing on their own machine, on whatever port. */
const allowedOrigins = loopbackHostNames.flatMap((host) => [`http://${host}:*`, `https://${host}:*`]);

/** Whom anonymous users may call, besides those that somebody added. */
const destination = 'bob';

/** The application under its fixed id; the public key is made once and stays. */
export async function ensureDemoApplication({
  database,
  admission,
}: DemoContext): Promise<{ applicationId: string; publicKey: string }> {
  const where = { id: applicationId };
  const existing = await database.application.findUnique({ where });
  const settings = {
    allowedOrigins,
    anonymousDestinations: [...new Set([...(existing?.anonymousDestinations ?? []), destination])],
    contacts: true,
  };
  const application = await database.application.upsert({
    where,
    create: { id: applicationId, name: 'Parley demo', publicKey: `pk_${randomId(24)}`, ...settings },
    update: settings,
  });
  await admission.putApplication(toApplicationRecord(application));

  return { applicationId, publicKey: application.publicKey };
}
