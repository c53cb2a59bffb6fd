import { createStateMachine, type StateMachine } from '@parley/kit';
import type { CallKind } from '@parley/protocol';

/**
 * The life of a call:
 *
 *     direct, group            room
 *           │                    │
 *           ▼     first accept   ▼
 *        ringing ──────────► connected
 *           │                    │
 *           ▼        over        ▼
 *         ended ◄────────────────┘
 *
 * Every call is over when nobody is there any more or waits before it, when it is ended for everyone and when its media is
 * lost. Whose place is kept is there. Besides, a call that rings is over when nobody rings any more, a direct call when
 * one of the two is gone, and a group call when one has been alone in it for too long with nobody ringing: the settings
 * of the call say whether, and how long.
 */
export type CallMachineState = 'ringing' | 'connected' | 'ended';

const transitions = {
  ringing: ['connected', 'ended'],
  connected: ['ended'],
  ended: [],
} as const satisfies Record<CallMachineState, readonly CallMachineState[]>;

export function createCallMachine(kind: CallKind): StateMachine<CallMachineState> {
  return createStateMachine<CallMachineState>({
    name: 'call',
    initial: kind === 'room' ? 'connected' : 'ringing',
    transitions,
  });
}
