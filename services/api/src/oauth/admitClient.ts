import type { ApplicationRecord } from '@parley/backplane';
import { networkOf } from '@parley/kit';
import type { KeyRight } from '@parley/protocol';
import type { Request, Response } from 'express';
import type { ApiContext } from '../context.ts';
import { takeAddress, type Gate } from '../operations/receive.ts';
import type { Quota } from '../requests/RequestLimits.ts';
import { clientCredentialsOf, invalidClient, type ClientCredentials } from './clientCredentials.ts';
import { countStrangers } from './countStrangers.ts';

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
export type ClientQuota = (client: OAuthClient, address: string) => Quota;

interface Admitting {
  readonly quotaOf: ClientQuota;
}

/** Finds the client of a request, counts the request, and refuses pages that may not use the application. */
export async function admitClient(
  context: ApiContext,
  gate: Gate,
  exchange: Exchange,
  { form, quotaOf }: Admitting & { readonly form: Parameters<typeof clientCredentialsOf>[1] },
): Promise<OAuthClient> {
  const credentials = await countStrangers(context, gate, exchange, async () =>
    clientCredentialsOf(exchange.request, form),
  );

  return credentials.clientId.startsWith('key_')
    ? admitKey(context, gate, exchange, { find: () => findKey(context, exchange, credentials), quotaOf })
    : admitPublicClient(context, gate, exchange, { credentials, quotaOf });
}

/**
 * Admits a confidential client. The request of one that is not found is a stranger's, and nothing tells a wrong
 * secret from a key that does not exist; that of one that is found is its own, also when it is refused afterwards.
 */
export async function admitKey(
  context: ApiContext,
  gate: Gate,
  exchange: Exchange,
  { find, quotaOf }: Admitting & { readonly find: () => Promise<OAuthClient> },
): Promise<OAuthClient> {
  const client = await countStrangers(context, gate, exchange, find);
  await context.limits.take(exchange.response, quotaOf(client, networkOf(exchange.request.ip)));
  gate.enforceOrigin(exchange.request, client.application);

  return client;
}

async function findKey(
  { keyRing, backplane }: ApiContext,
  { request }: Exchange,
  { clientId, clientSecret }: ClientCredentials,
): Promise<OAuthClient> {
  const key = clientSecret === undefined ? undefined : await keyRing.find(clientSecret);
  const application =
    key?.keyId === clientId ? await backplane.admission.application(key.applicationId) : undefined;
  if (key === undefined || application === undefined) {
    throw invalidClient(request);
  }

  return { clientId, application, rights: key.rights, kind: 'confidential' };
}

/**
 * Admits who says no more than a name that everybody may know, a stranger still. A form from a page is sent by its
 * browser without asking first: one that may not use the application is refused before it has spent anything of the
 * application's limit for its visitor's address.
 */
async function admitPublicClient(
  context: ApiContext,
  gate: Gate,
  exchange: Exchange,
  { credentials: { clientId }, quotaOf }: Admitting & { readonly credentials: ClientCredentials },
): Promise<OAuthClient> {
  await takeAddress(context, gate, exchange);
  const application = await applicationOf(context, clientId);
  if (application === undefined) {
    throw invalidClient(exchange.request);
  }
  const client: OAuthClient = { clientId, application, rights: [], kind: 'public' };
  gate.enforceOrigin(exchange.request, application);
  await context.limits.take(exchange.response, quotaOf(client, networkOf(exchange.request.ip)));

  return client;
}

async function applicationOf(
  { database, backplane }: Pick<ApiContext, 'database' | 'backplane'>,
  publicKey: string,
): Promise<ApplicationRecord | undefined> {
  // What is no id of ours does not reach the database, which does not take every character.
  if (!/^pk_[\w-]+$/.test(publicKey)) {
    return undefined;
  }
  const found = await database.application.findUnique({ where: { publicKey }, select: { id: true } });

  return found === null ? undefined : backplane.admission.application(found.id);
}
