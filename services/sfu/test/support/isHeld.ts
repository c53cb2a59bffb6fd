import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Whether anybody still holds the object when all garbage was collected. */
export async function isHeld(object: WeakRef<object>): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // Whatever was made or looked at in a task is held until that is over.
  await setImmediate();
  collectGarbage();

  return object.deref() !== undefined;
}
