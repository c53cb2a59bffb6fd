import { describe, expect, it } from 'vitest';
import { parseDataMessage, stampDataMessage } from './dataMessage.ts';

describe('a stamped data message', () => {
  it.each([[new Uint8Array()], [Uint8Array.from([0, 255, 1])]])(
    'names its sender and carries the payload %s unchanged',
    (payload) => {
      const message = parseDataMessage(stampDataMessage('participant-1', payload));

      expect(message?.participantId).toBe('participant-1');
      expect(message?.payload).toEqual(payload);
    },
  );

  it.each([[[]], [[1]], [[1, 3, 97]], [[2, 1, 97]]])('is not what the bytes %j are', (bytes) => {
    expect(parseDataMessage(Uint8Array.from(bytes))).toBeUndefined();
  });
});
