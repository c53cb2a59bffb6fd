/** The largest payload of one message over a data channel, bytes. */
export const maxDataMessageBytes = 16 * 1024;

/** What one participant may send a second, over both channels taken together, unless the operator has changed it. */
export const dataRate = { messagesPerSecond: 50, bytesPerSecond: 256 * 1024 } as const;

const version = 1;

/** A message as it arrives: the server puts the sender's name before what the sender sent. */
export interface DataMessage {
  readonly participantId: string;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/**
 * What goes to the receivers, byte by byte: the version of this header, the length of the participant id, the id
 * (ASCII), and the payload as it came. Senders send the payload alone.
 */
export function stampDataMessage(participantId: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const id = Uint8Array.from(participantId, (character) => character.charCodeAt(0));
  const message = new Uint8Array(2 + id.length + payload.length);
  message.set([version, id.length]);
  message.set(id, 2);
  message.set(payload, 2 + id.length);

  return message;
}

/** Undefined for what no server of this version sends. */
export function parseDataMessage(message: Uint8Array<ArrayBuffer>): DataMessage | undefined {
  const [first, length] = message;
  if (first !== version || length === undefined || message.length < 2 + length) {
    return undefined;
  }

  return {
    participantId: String.fromCharCode(...message.subarray(2, 2 + length)),
    payload: message.subarray(2 + length),
  };
}
