import { describe, expect, it } from 'vitest';
import type { RevocableToken, Revocation } from '../src/admission.ts';
import type { CreateBackplane } from './contract.ts';
import { revocation } from './records.ts';
import { withBackplane } from './withBackplane.ts';

/** One of Alice's tokens. */
const token = (changed: Partial<RevocableToken> = {}): RevocableToken => ({
  applicationId: 'app1',
  userId: 'alice',
  grantId: 'grant1',
  issuedAtMs: 9,
  ...changed,
});

export function describeRevocations(create: CreateBackplane): void {
  describe('revocations', () => {
    const test = withBackplane(create);

    it('are unknown until a complete list has arrived', async () => {
      const { admission } = test.backplane;
      await admission.putRevocation(revocation('alice', 10));
      expect(admission.isRevoked(token())).toBeUndefined();

      await admission.putAllRevocations([revocation('bob', 10)]);

      expect(admission.isRevoked(token())).toBe(true);
      expect(admission.isRevoked(token({ userId: 'bob' }))).toBe(true);
      expect(admission.isRevoked(token({ userId: 'carol' }))).toBe(false);
    });

    it('void what was issued before their moment and nothing later', async () => {
      const { admission } = test.backplane;
      await admission.putAllRevocations([revocation('alice', 10)]);

      expect(admission.isRevoked(token({ issuedAtMs: 9 }))).toBe(true);
      expect(admission.isRevoked(token({ issuedAtMs: 10 }))).toBe(false);
    });

    it.each([
      {
        subject: { kind: 'application' },
        voids: [token(), token({ userId: 'bob', grantId: 'grant2' })],
        spares: [token({ applicationId: 'app2' })],
      },
      {
        subject: { kind: 'user', userId: 'alice' },
        voids: [token(), token({ grantId: 'grant2' })],
        spares: [token({ userId: 'bob' }), token({ applicationId: 'app2' })],
      },
      {
        subject: { kind: 'grant', grantId: 'grant1' },
        voids: [token(), token({ userId: 'bob' })],
        spares: [token({ grantId: 'grant2' }), token({ applicationId: 'app2' })],
      },
      {
        // A user may be named as a grant is.
        subject: { kind: 'grant', grantId: 'alice' },
        voids: [token({ userId: 'bob', grantId: 'alice' })],
        spares: [token()],
      },
    ] satisfies { subject: Revocation['subject']; voids: RevocableToken[]; spares: RevocableToken[] }[])(
      'void the tokens of their subject and no others: $subject',
      async ({ subject, voids, spares }) => {
        const { admission } = test.backplane;
        await admission.putAllRevocations([]);
        await admission.putRevocation({ applicationId: 'app1', subject, revokedBeforeMs: 10 });

        expect(voids.map((one) => admission.isRevoked(one))).toEqual(voids.map(() => true));
        expect(spares.map((one) => admission.isRevoked(one))).toEqual(spares.map(() => false));
      },
    );

    it('never move back, and are told only when they void more than before', async () => {
      const { admission } = test.backplane;
      const told: number[] = [];
      const dispose = admission.onRevoked((arrived) => told.push(arrived.revokedBeforeMs));
      await admission.putAllRevocations([]);

      await admission.putRevocation(revocation('alice', 10));
      await admission.putRevocation(revocation('alice', 4));
      await admission.putAllRevocations([revocation('alice', 10)]);
      dispose();
      await admission.putRevocation(revocation('alice', 12));

      expect(told).toEqual([10]);
      expect(admission.isRevoked(token({ issuedAtMs: 11 }))).toBe(true);
    });

    it('are told to every listener though one throws, which is reported', async () => {
      const { admission } = test.backplane;
      const told: Revocation[] = [];
      admission.onRevoked(() => {
        throw new Error('broken listener');
      });
      admission.onRevoked((arrived) => told.push(arrived));

      await admission.putRevocation(revocation('alice', 10));

      expect(told).toEqual([revocation('alice', 10)]);
      expect(test.errors).toEqual([new Error('broken listener')]);
    });
  });
}
