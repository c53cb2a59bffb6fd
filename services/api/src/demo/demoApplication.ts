import type { ApiContext } from '../context.ts';
import { randomId } from '../security/ids.ts';

/** Nothing else is ever made under that id by itself. */
export const demoApplicationId = 'demo';

const applicationId = demoApplicationId;

/** The demo is for people developing on their own machine, on whatever port. */
const allowedOrigins = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
  `http://${host}:*`,
  `https://${host}:*`,
]);

/** The application under its fixed id; the public key is made once and stays. */
export async function ensureDemoApplication({
  database,
  admission,
}: Pick<ApiContext, 'database' | 'admission'>): Promise<{ applicationId: string; publicKey: string }> {
  const { publicKey } = await database.application.upsert({
    where: { id: applicationId },
    create: { id: applicationId, name: 'Parley demo', publicKey: `pk_${randomId(24)}`, allowedOrigins },
    update: { allowedOrigins },
  });
  await admission.putApplication({ applicationId, allowedOrigins });

  return { applicationId, publicKey };
}
