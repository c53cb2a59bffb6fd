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
 *           │ caller gone,       │ direct: one leaves; group, room: the last
 *           │ all callees gone   │ leaves; ended for everyone; media lost
 *           ▼                    ▼
 *         ended ◄────────────────┘
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
