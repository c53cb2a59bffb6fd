import { mayDo } from '@parley/protocol';
import type { CallView } from './callView.ts';

/** Before the call is entered nobody knows better, and the choice counts from the start. */
export function canSend({ role }: Pick<CallView, 'role'>, action: 'sendAudio' | 'sendVideo'): boolean {
  return role === undefined || mayDo(role, action);
}

/** Phones cannot share their screens, so they are not asked. */
export function canShare({ state, role }: Pick<CallView, 'state' | 'role'>): boolean {
  return (
    state === 'Connected' &&
    role !== undefined &&
    mayDo(role, 'shareScreen') &&
    typeof navigator.mediaDevices?.getDisplayMedia === 'function'
  );
}
