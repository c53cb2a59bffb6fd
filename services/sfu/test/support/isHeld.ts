import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What tasks that are over have left on the stack may be taken for a reference the first time. */
const rounds = 10;

/** Whether anybody still holds the object when all garbage was collected. */
export async function isHeld(object: WeakRef<object>): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (let round = 0; round < rounds && object.deref() !== undefined; round += 1) {
    // Whatever was looked at in a task is held until that is over.
    await setImmediate();
    collectGarbage();
  }

  return object.deref() !== undefined;
}
