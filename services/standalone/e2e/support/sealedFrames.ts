import type { Page } from 'playwright-core';

export interface SealedFrame {
  readonly kind: 'audio' | 'video';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

declare global {
  interface Window {
    forwarded: { kind: 'audio' | 'video'; bytes: number[] }[];
  }
}

/** Runs in a page that does not decrypt, before anything else: its receivers' frames are kept instead of decoded. */
export const keepForwarded = `{
  window.forwarded = [];
  const script = \`onrtctransform = ({ transformer: { options, readable } }) =>
    readable.pipeTo(new WritableStream({
      write: ({ data }) => postMessage({ kind: options.kind, bytes: [...new Uint8Array(data)] }),
    }))\`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  worker.addEventListener('message', ({ data }) => window.forwarded.push(data));
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
    await setRemoteDescription.call(this, description);
    for (const receiver of this.getReceivers()) {
      receiver.transform ??= new RTCRtpScriptTransform(worker, { kind: receiver.track.kind });
    }
  };
}`;

/** Frames as the server forwards them, so many of sound and of pictures at least. */
export async function framesForwardedTo(page: Page, count: number): Promise<SealedFrame[]> {
  await page.waitForFunction(
    (atLeast) =>
      ['audio', 'video'].every(
        (kind) => window.forwarded.filter((frame) => frame.kind === kind).length >= atLeast,
      ),
    count,
  );
  const frames = await page.evaluate(() => window.forwarded);

  return frames.map(({ kind, bytes }) => ({ kind, bytes: Uint8Array.from(bytes) }));
}

/** The frame inside, by the format as ADR 20 describes it and RFC 9605 derives its keys, and nothing of the SDK's. */
export async function openFrame(
  { kind, bytes }: SealedFrame,
  clearBytes: number,
  { key, source }: { key: Uint8Array<ArrayBuffer>; source: number },
): Promise<Uint8Array> {
  const counterBytes = ((bytes.at(-1) ?? 0) & 0b111) + 1;
  const trailer = bytes.slice(-9 - counterBytes);
  const clear = bytes.slice(0, clearBytes);
  const suite = Uint8Array.of(0, 5);
  const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
  const derive = async (label: string, bits: number): Promise<Uint8Array<ArrayBuffer>> => {
    const info = Buffer.concat([Buffer.from(`SFrame 1.0 Secret ${label} `), trailer.slice(0, 8), suite]);

    return new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(), info },
        base,
        bits,
      ),
    );
  };
  const iv = await derive('salt', 96);
  trailer.slice(8, -1).forEach((byte, index) => {
    const at = iv.length - counterBytes + index;
    iv[at] = (iv[at] ?? 0) ^ byte;
  });
  const payload = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv, additionalData: Buffer.concat([trailer, Uint8Array.of(source), clear]) },
    await crypto.subtle.importKey('raw', await derive('key', 256), 'AES-GCM', false, ['decrypt']),
    bytes.slice(clearBytes, -trailer.length),
  );

  // Of sound all is hidden, behind what only looks like the beginning of a packet.
  return Uint8Array.from([...(kind === 'audio' ? [] : clear), ...new Uint8Array(payload)]);
}
