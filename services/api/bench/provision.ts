import { apiKeyWithSecretSchema, applicationSchema } from '@parley/protocol/rest';

export interface Provisioned {
  /** `sk_…` */
  readonly key: string;
  /** `pk_…` */
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
  readonly userIds: readonly string[];
}

/** Makes what the load needs, as an operator and a backend would: the limits are this application's own. */
export async function provision(url: string, operatorKey: string): Promise<Provisioned> {
  const application = applicationSchema.parse(
    await post('/v1/applications', operatorKey, {
      name: 'Bench',
      limits: {
        requestsPerMinute: 10_000_000,
        signInsPerMinute: 10_000_000,
        failedSignIns: 1_000_000,
      },
    }),
  );
  const { secret: key } = apiKeyWithSecretSchema.parse(
    await post(`/v1/applications/${application.id}/keys`, operatorKey, {
      name: 'bench',
      rights: ['provision'],
    }),
  );
  const signer = { email: 'bench@example.org', password: 'correct horse' };
  await post('/v1/users', key, signer);
  const userIds = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  for (const id of userIds) {
    await post('/v1/users', key, { id, displayName: `User ${id}` });
  }

  return { key, clientId: application.publicKey, ...signer, userIds };

  async function post(path: string, credential: string, body: object): Promise<unknown> {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${credential}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
    }

    return answer.json();
  }
}
