import type { Database } from '@parley/db';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '@parley/tokens';
import * as z from 'zod';

/** The keys of the service, the newest first. */
export interface SigningKeys {
  /** Signs new tokens. */
  readonly current: SigningKey;
  /** Verify: the current one and those before it. */
  readonly publicJwks: readonly SigningKey['publicJwk'][];
}

const privateJwkSchema = z.looseObject({ kid: z.string(), kty: z.string(), crv: z.string() });

/** Two services that start together on a new database take turns, or each would sign with a key of its own. */
const lockKey = 0x6b_6579;

/** Loads the keys from the database; the first start makes one. */
export async function openSigningKeys(database: Database): Promise<SigningKeys> {
  const rows = await database.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${lockKey})`;
    if ((await transaction.signingKey.count()) === 0) {
      const jwk = await generateSigningJwk();
      await transaction.signingKey.create({ data: { kid: jwk.kid, privateJwk: { ...jwk } } });
    }

    return transaction.signingKey.findMany({ orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }] });
  });
  const keys = await Promise.all(
    rows.map(({ privateJwk }) => loadSigningKey(privateJwkSchema.parse(privateJwk))),
  );
  const [current] = keys;
  if (current === undefined) {
    throw new Error('The database holds no signing key.');
  }

  return { current, publicJwks: keys.map(({ publicJwk }) => publicJwk) };
}
