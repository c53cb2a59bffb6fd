import type { DtlsFingerprint } from '@parley/protocol';

/** A DTLS certificate made before any offer, so that its fingerprint can travel with the first request. */
export interface PreparedCertificate {
  readonly certificate: RTCCertificate;
  readonly fingerprints: DtlsFingerprint[];
}

export async function prepareCertificate(): Promise<PreparedCertificate> {
  // The spec's parameters are WebCrypto's, wider than what the DOM library declares for this method.
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const certificate = await RTCPeerConnection.generateCertificate(algorithm);

  return { certificate, fingerprints: await fingerprintsOf(certificate) };
}

async function fingerprintsOf(certificate: RTCCertificate): Promise<DtlsFingerprint[]> {
  // Firefox has no getFingerprints(); there an offer made with the certificate names it (RFC 8122).
  const stated =
    typeof certificate.getFingerprints === 'function'
      ? certificate.getFingerprints()
      : fingerprintsIn(await throwAwayOffer(certificate));

  return stated.flatMap(({ algorithm, value }) =>
    isKnownAlgorithm(algorithm) && value !== undefined ? [{ algorithm, value }] : [],
  );
}

async function throwAwayOffer(certificate: RTCCertificate): Promise<string> {
  const connection = new RTCPeerConnection({ certificates: [certificate] });
  try {
    connection.addTransceiver('audio');

    return (await connection.createOffer()).sdp ?? '';
  } finally {
    connection.close();
  }
}

function fingerprintsIn(sdp: string): RTCDtlsFingerprint[] {
  return [...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)/gm)]
    .slice(0, 1)
    .map(([, algorithm = '', value = '']) => ({ algorithm, value }));
}

function isKnownAlgorithm(algorithm: string | undefined): algorithm is DtlsFingerprint['algorithm'] {
  return algorithm !== undefined && /^sha-(1|224|256|384|512)$/.test(algorithm);
}
