import type { Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { UserWithNumbers } from '../admission/records.ts';
import type { Principal } from '../principals/Principal.ts';
import { leaveAdministrators } from '../users/leaveAdministrators.ts';
import { lockUser } from '../users/lockUser.ts';

interface HolderRequest {
  readonly principal: Principal;
  readonly applicationId: string;
  readonly params: { readonly userId: string };
}

/**
 * The user whom a credential is to be made for, held against being deleted meanwhile. Those who came by themselves,
 * anonymous users and guests, have the token they came with and get no other.
 */
export async function lockHolder(
  transaction: Transaction,
  { principal, applicationId, params: { userId } }: HolderRequest,
  purpose: 'share' | 'change' = 'share',
): Promise<UserWithNumbers> {
  const user = await lockUser(transaction, { applicationId, userId }, purpose);
  leaveAdministrators(principal, user.isAdmin);
  if (user.kind !== 'user') {
    throw new ProtocolError('invalid_state', 'Anonymous users and guests are not given further credentials.');
  }

  return user;
}
