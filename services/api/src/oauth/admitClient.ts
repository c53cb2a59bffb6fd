import type { ApplicationRecord } from '@parley/backplane';
import type { KeyRight } from '@parley/protocol';
import type { Request, Response } from 'express';
import type { ApiContext } from '../context.ts';
import type { Gate } from '../operations/receive.ts';
import { networkOf } from '../requests/networkOf.ts';
import type { Quota } from '../requests/RequestLimits.ts';
import { clientCredentialsOf, invalidClient } from './clientCredentials.ts';

/** A client of an application that may ask: public, or confidential with the right secret. */
export interface OAuthClient {
  /** `pk_…` or `key_…` */
  readonly clientId: string;
  readonly application: ApplicationRecord;
  /** Those of the key; a public client has none. */
  readonly rights: readonly KeyRight[];
  readonly kind: 'public' | 'confidential';
}

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** What the client's requests from an address count against. */
export type ClientQuota = (client: Pick<OAuthClient, 'clientId' | 'application'>, address: string) => Quota;

/**
 * Finds the client of a request. A form from a page is sent by its browser without asking first: that the page may
 * not use the application, or asks too often, is found here, before any secret is looked at.
 */
export async function admitClient(
  context: ApiContext,
  { enforceOrigin }: Pick<Gate, 'enforceOrigin'>,
  exchange: Exchange,
  { form, quotaOf }: { form: Parameters<typeof clientCredentialsOf>[1]; quotaOf: ClientQuota },
): Promise<OAuthClient> {
  const { request, response } = exchange;
  const { clientId, clientSecret } = clientCredentialsOf(request, form);
  const application = await applicationOf(context, clientId);
  if (application === undefined) {
    throw invalidClient(request);
  }
  enforceOrigin(exchange, application);
  await context.limits.take(response, quotaOf({ clientId, application }, networkOf(request.ip)));
  if (!isKeyId(clientId)) {
    return { clientId, application, rights: [], kind: 'public' };
  }
  const key = clientSecret === undefined ? undefined : await context.keyRing.find(clientSecret);
  if (key?.keyId !== clientId) {
    await countWrongSecret();
    throw invalidClient(request);
  }

  return { clientId, application, rights: key.rights, kind: 'confidential' };

  /** After the fact: nobody guesses 256 bits, and who brings the right secret is never kept waiting. */
  async function countWrongSecret(): Promise<void> {
    await context.limits.take(response, {
      window: 'failedSignIns',
      key: JSON.stringify([clientId, networkOf(request.ip)]),
      points: application?.limits.failedSignIns ?? 0,
    });
  }
}

async function applicationOf(
  { database, keyRing, backplane }: Pick<ApiContext, 'database' | 'keyRing' | 'backplane'>,
  clientId: string,
): Promise<ApplicationRecord | undefined> {
  // What is no id of ours does not reach the database, which does not take every character.
  if (!/^(?:pk|key)_[\w-]+$/.test(clientId)) {
    return undefined;
  }
  const applicationId = isKeyId(clientId)
    ? await keyRing.applicationIdOf(clientId)
    : (await database.application.findUnique({ where: { publicKey: clientId } }))?.id;

  return applicationId === undefined ? undefined : backplane.admission.application(applicationId);
}

function isKeyId(clientId: string): boolean {
  return clientId.startsWith('key_');
}
