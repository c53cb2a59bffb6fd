import { createStateMachine, type StateMachine } from '@parley/kit';
import type { CallKind, CallState } from '@parley/protocol';

/**
 * The life of a call:
 *
 *     direct, group            room
 *           │                    │
 *           ▼     first accept   ▼
 *        ringing ──────────► connected ──────────► kept
 *           │                    │     the process stops
 *           ▼        over        ▼
 *         ended ◄────────────────┘
 *
 * A call that is `kept` is over in this process alone: the next one goes on with it.
 *
 * Every call is over when nobody is there any more or waits before it, when it is ended for everyone and when its media is
 * lost. Whose place is kept is there. Besides, a call that rings is over when nobody rings any more, a direct call when
 * one of the two is gone, and a group call when one has been alone in it for too long with nobody ringing: the settings
 * of the call say whether, and how long.
 */
export type CallMachineState = CallState | 'kept' | 'ended';

const transitions = {
  ringing: ['connected', 'ended'],
  connected: ['kept', 'ended'],
  kept: [],
  ended: [],
} as const satisfies Record<CallMachineState, readonly CallMachineState[]>;

/** Whether anything can still become of the call in this process. */
export function isLive(state: CallMachineState): state is CallState {
  return state === 'ringing' || state === 'connected';
}

export function createCallMachine(kind: CallKind): StateMachine<CallMachineState> {
  return createStateMachine<CallMachineState>({
    name: 'call',
    initial: kind === 'room' ? 'connected' : 'ringing',
    transitions,
  });
}
