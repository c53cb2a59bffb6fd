import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';

/** Ed25519 (RFC 8037): small signatures, no parameters to get wrong. */
export const signingAlgorithm = 'EdDSA';

/** A private signing key in memory. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** For the JWKS; carries `kid`, `alg` and `use`. */
  readonly publicJwk: JWK & { kid: string };
}

/** Makes a key pair; the result is private and belongs in the database, nowhere else. */
export async function generateSigningJwk(): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);

  // The thumbprint (RFC 7638) names the key by its content, so two nodes never give one name to two keys.
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: signingAlgorithm, use: 'sig' };
}

export async function loadSigningKey(jwk: JWK & { kid: string }): Promise<SigningKey> {
  const { d: _private, ...publicJwk } = jwk;
  const privateKey = await importJWK(jwk, signingAlgorithm);
  if (!('type' in privateKey)) {
    throw new TypeError('A signing key must be an asymmetric JWK.');
  }

  return { kid: jwk.kid, privateKey, publicJwk };
}
