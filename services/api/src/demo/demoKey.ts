import type { KeyRight } from '@parley/db';
import type { ApiContext } from '../context.ts';
import { idOfSecret, makeSecret, matchesHash } from '../security/secrets.ts';

/** Tells the key made here from those that somebody adds to the demo application. */
const name = 'demo';
const rights: KeyRight[] = ['anonymous', 'provision'];

export interface DemoKey {
  privateKey: string;
  secret: string;
}

/** The key of the previous start when it still opens the application, else a new one in its place. */
export async function ensureDemoKey(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  previousSecret: string | undefined,
): Promise<DemoKey> {
  const body = previousSecret?.replace(/^sk_/, '') ?? '';
  const privateKey = `key_${idOfSecret(body) ?? ''}`;
  const kept = await database.apiKey.findUnique({ where: { privateKey, applicationId } });
  if (previousSecret !== undefined && kept !== null && matchesHash(body, kept.secretHash)) {
    return { privateKey, secret: previousSecret };
  }

  const { id, secret, hash } = makeSecret();
  await database.$transaction([
    database.apiKey.deleteMany({ where: { applicationId, name } }),
    database.apiKey.create({
      data: { privateKey: `key_${id}`, applicationId, name, secretHash: hash, rights },
    }),
  ]);

  return { privateKey: `key_${id}`, secret: `sk_${secret}` };
}
