import type { types } from 'mediasoup';

export const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** The id of the level in what a router forwards, whatever id its sender has given it; 0 when it forwards none. */
export function audioLevelIdOf({ rtpCapabilities }: types.Router): number {
  const level = rtpCapabilities.headerExtensions?.find(
    ({ kind, uri }) => kind === 'audio' && uri === audioLevelUri,
  );

  return level?.preferredId ?? 0;
}

/**
 * How loud the packet is in decibels below full scale (RFC 6464), undefined when it does not say. Called for each
 * packet of each microphone, so it reads in place.
 */
export function readAudioLevel(packet: Buffer, extensionId: number): number | undefined {
  const first = packet[0] ?? 0;
  const start = 12 + 4 * (first & 0x0f);
  if ((first & 0x10) === 0 || packet.length < start + 4) {
    return undefined;
  }
  const profile = packet.readUInt16BE(start);
  const end = Math.min(packet.length, start + 4 + 4 * packet.readUInt16BE(start + 2));
  // RFC 8285: elements with a header of one byte, or of two.
  if (profile === 0xbede) {
    return levelAmongOneByteElements(packet, extensionId, start + 4, end);
  }

  return (profile & 0xfff0) === 0x1000
    ? levelAmongTwoByteElements(packet, extensionId, start + 4, end)
    : undefined;
}

function levelAmongOneByteElements(
  packet: Buffer,
  extensionId: number,
  start: number,
  end: number,
): number | undefined {
  for (let at = start; at + 1 < end;) {
    const header = packet[at] ?? 0;
    const id = header >> 4;
    if (id === extensionId) {
      return (packet[at + 1] ?? 0) & 0x7f;
    }
    if (id === 15) {
      return undefined;
    }
    at += header === 0 ? 1 : 2 + (header & 0x0f);
  }

  return undefined;
}

function levelAmongTwoByteElements(
  packet: Buffer,
  extensionId: number,
  start: number,
  end: number,
): number | undefined {
  for (let at = start; at + 2 < end;) {
    const id = packet[at] ?? 0;
    const length = packet[at + 1] ?? 0;
    if (id === extensionId && length > 0) {
      return (packet[at + 2] ?? 0) & 0x7f;
    }
    at += id === 0 ? 1 : 2 + length;
  }

  return undefined;
}
