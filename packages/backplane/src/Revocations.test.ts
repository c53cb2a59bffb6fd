import { describe, expect, it } from 'vitest';
import type { Revocation } from './admission.ts';
import { Revocations } from './Revocations.ts';

const dayMs = 24 * 60 * 60 * 1000;
const of = (userId: string, revokedBeforeMs: number): Revocation => ({
  applicationId: 'app1',
  subject: { kind: 'user', userId },
  revokedBeforeMs,
});
const tokenOf = (userId: string) => ({ applicationId: 'app1', userId, grantId: 'g', issuedAtMs: 0 });

describe('revocations', () => {
  it('are forgotten once every token that they voided has expired, and not before', () => {
    const revocations = new Revocations();
    revocations.add(of('alice', 10));
    revocations.add(of('bob', dayMs));

    revocations.add(of('carol', 7 * dayMs));
    expect(revocations.void(tokenOf('alice'))).toBe(true);

    revocations.add(of('carol', 7.5 * dayMs));
    expect(revocations.void(tokenOf('alice'))).toBe(false);
    expect(revocations.void(tokenOf('bob'))).toBe(true);
  });

  it('that are renewed are remembered from then on', () => {
    const revocations = new Revocations();
    revocations.add(of('alice', 10));
    revocations.add(of('bob', 20));
    revocations.add(of('alice', 5 * dayMs));

    revocations.add(of('carol', 8 * dayMs));

    expect(revocations.void(tokenOf('alice'))).toBe(true);
    expect(revocations.void(tokenOf('bob'))).toBe(false);
  });
});
