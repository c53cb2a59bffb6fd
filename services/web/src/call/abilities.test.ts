import { describe, expect, it } from 'vitest';
import { canSend } from './abilities.ts';

describe('canSend', () => {
  it('keeps the keys of somebody who may only watch as quiet as their buttons', () => {
    for (const action of ['sendAudio', 'sendVideo'] as const) {
      expect(canSend({ role: 'consumer' }, action)).toBe(false);
      expect(canSend({ role: 'attendee' }, action)).toBe(true);
      expect(canSend({ role: undefined }, action)).toBe(true);
    }
  });
});
