import { createStateMachine, type StateMachine } from '@parley/kit';
import type { CallState } from './callTypes.ts';

/*
 *   None ──▶ Connecting ──▶ Ringing ──▶ Connected
 *    │           │  └────────────────────▲ │
 *    │           │             │           │
 *    ├───────────┴─────────────┴───────────┤ hangUp()
 *    │                                     ▼
 *    │                               Disconnecting
 *    │                                     │ the server knows
 *    ▼                                     ▼
 *    └──── refused, ended, lost ────▶ Disconnected
 *
 * Every state but the last may be ended from outside and goes to Disconnected directly then.
 */
const transitions: Readonly<Record<CallState, readonly CallState[]>> = {
  None: ['Connecting', 'Disconnecting', 'Disconnected'],
  Connecting: ['Ringing', 'Connected', 'Disconnecting', 'Disconnected'],
  Ringing: ['Connected', 'Disconnecting', 'Disconnected'],
  Connected: ['Disconnecting', 'Disconnected'],
  Disconnecting: ['Disconnected'],
  Disconnected: [],
};

export function createCallMachine(onChange: (to: CallState) => void): StateMachine<CallState> {
  return createStateMachine({ name: 'call', initial: 'None', transitions, onChange });
}
