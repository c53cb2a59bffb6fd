import { describe, expect, it } from 'vitest';
import { fakeCall } from '../testing/fakes.ts';
import { CallWatch } from './CallWatch.ts';

describe('CallWatch', () => {
  it('shows a connected call as begun while it is being left, and a ringing one never', () => {
    for (const [before, hasBegun] of [
      ['Connected', true],
      ['Ringing', false],
    ] as const) {
      const call = fakeCall({ state: before });
      const watch = new CallWatch(call, 'Alice');
      const dispose = watch.subscribe(() => watch.get());
      expect(watch.get().hasBegun).toBe(hasBegun);
      Object.assign(call, { state: 'Disconnecting' });
      call.emit('stateChanged');
      expect(watch.get()).toMatchObject({ state: 'Disconnecting', hasBegun });
      dispose();
    }
  });
});
