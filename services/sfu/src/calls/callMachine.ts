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
 * Every call is over when nobody is connected any more, when it is ended for everyone and when its media is
 * lost. Besides, a direct call is over when one of the two is gone, and a group call when one is connected alone
 * and nobody rings who could still come.
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
