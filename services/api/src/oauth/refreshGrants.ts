import { randomUUID } from 'node:crypto';
import type { RefreshGrant, RefreshToken, Transaction } from '@parley/db';
import type { Clock } from '@parley/kit';
import type { ApiContext } from '../context.ts';
import { revoke } from '../revocations/revoke.ts';
import { idOfSecret, makeSecret, matchesHash, type NewSecret } from '../security/secrets.ts';

/** A sign-in that is not used for so long ends. */
const idleLifetimeMs = 30 * 24 * 60 * 60 * 1000;

const prefix = 'rt_';

export interface NewGrant {
  readonly applicationId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
}

export type FoundRefreshToken = RefreshToken & { readonly grant: RefreshGrant };

/** Records a sign-in with the first token of its chain. */
export async function startRefreshGrant(
  transaction: Transaction,
  clock: Clock,
  { scope, ...grant }: NewGrant,
): Promise<{ grantId: string; refreshToken: string }> {
  const next = makeSecret();
  const nowMs = clock.now();
  const { id: grantId } = await transaction.refreshGrant.create({
    data: {
      ...grant,
      id: randomUUID(),
      scope: scope.join(' '),
      createdAt: new Date(nowMs),
      expiresAt: new Date(nowMs + idleLifetimeMs),
      tokens: { create: toRow(next, nowMs) },
    },
  });

  return { grantId, refreshToken: prefix + next.secret };
}

/** The token and its grant, in whatever state they are; undefined when there is none of that value. */
export async function findRefreshToken(
  { database }: Pick<ApiContext, 'database'>,
  value: string,
): Promise<FoundRefreshToken | undefined> {
  const secret = value.startsWith(prefix) ? value.slice(prefix.length) : '';
  const id = idOfSecret(secret);
  const token =
    id === undefined
      ? null
      : await database.refreshToken.findUnique({ where: { id }, include: { grant: true } });

  return token !== null && matchesHash(secret, token.secretHash) ? token : undefined;
}

/** Reads a token and its grant again, and keeps others from using either until the transaction ends. */
export async function lockRefreshToken(
  transaction: Transaction,
  { id, grantId }: RefreshToken,
): Promise<FoundRefreshToken | undefined> {
  await transaction.$executeRaw`SELECT 1 FROM "RefreshGrant" WHERE "id" = ${grantId} FOR UPDATE`;
  const token = await transaction.refreshToken.findUnique({ where: { id }, include: { grant: true } });

  return token ?? undefined;
}

/** Uses a token up and makes the next of its chain; the grant lives on from now. */
export async function useRefreshToken(
  transaction: Transaction,
  clock: Clock,
  { id, grantId }: RefreshToken,
): Promise<string> {
  const next = makeSecret();
  const nowMs = clock.now();
  await transaction.refreshToken.update({ where: { id }, data: { usedAt: new Date(nowMs) } });
  await transaction.refreshGrant.update({
    where: { id: grantId },
    data: { expiresAt: new Date(nowMs + idleLifetimeMs), tokens: { create: toRow(next, nowMs) } },
  });

  return prefix + next.secret;
}

/** Ends a sign-in: its refresh tokens are refused, and its session tokens are void at once. */
export async function endRefreshGrant(
  { transactions, clock }: Pick<ApiContext, 'transactions' | 'clock'>,
  { id: grantId, applicationId }: Pick<RefreshGrant, 'id' | 'applicationId'>,
): Promise<void> {
  await transactions.run(applicationId, async (transaction, publish) => {
    const { count } = await transaction.refreshGrant.updateMany({
      where: { id: grantId, revokedAt: null },
      data: { revokedAt: new Date(clock.now()) },
    });
    if (count > 0) {
      await revoke(transaction, { publish, clock }, { applicationId, subject: { kind: 'grant', grantId } });
    }
  });
}

function toRow({ id, hash }: NewSecret, nowMs: number) {
  return { id, secretHash: hash, createdAt: new Date(nowMs) };
}
