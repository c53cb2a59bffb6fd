import { createStateMachine, type StateMachine } from '@parley/kit';
import type { CallState } from './callTypes.ts';

/*
 *   None ──▶ Connecting ──▶ InLobby ──▶ ┌─ in the call ──────────────────────────┐
 *    │           │             │        │  Ringing ──▶ Connected ◀──▶ LocalHold  │
 *    │           └─────────────┼──────▶ │                  ▲            ▲        │
 *    │           │             │        │                  └─▶ RemoteHold ◀┘     │
 *    │           │             │        └────────────────────────────────────────┘
 *    │           │             │             ▲ │ connection or path lost
 *    │           │             │  ─────────▶ │ ▼ and back
 *    │           │             │ ◀──────── Reconnecting
 *    │           │             │             │
 *    ├───────────┴─────────────┴─────────────┤ hangUp()
 *    │                                       ▼
 *    │                                 Disconnecting
 *    │                                       │ the server knows
 *    ▼                                       ▼
 *    └──── refused, ended, lost ─────▶ Disconnected
 *
 * Every state but the last may be ended from outside and goes to Disconnected directly then.
 */
const inCall = ['Ringing', 'Connected', 'LocalHold', 'RemoteHold', 'Reconnecting'] as const;
const over = ['Disconnecting', 'Disconnected'] as const;

const transitions: Readonly<Record<CallState, readonly CallState[]>> = {
  None: ['Connecting', ...over],
  Connecting: ['InLobby', ...inCall, ...over],
  InLobby: [...inCall, ...over],
  Ringing: ['Connected', 'LocalHold', 'RemoteHold', 'Reconnecting', ...over],
  // Nothing leads there as long as no call has a telephone leg.
  EarlyMedia: [],
  Connected: ['LocalHold', 'RemoteHold', 'Reconnecting', ...over],
  LocalHold: ['Ringing', 'Connected', 'RemoteHold', 'Reconnecting', ...over],
  RemoteHold: ['Connected', 'LocalHold', 'Reconnecting', ...over],
  Reconnecting: ['InLobby', 'Ringing', 'Connected', 'LocalHold', 'RemoteHold', ...over],
  Disconnecting: ['Disconnected'],
  Disconnected: [],
};

export function createCallMachine(onChange: (to: CallState) => void): StateMachine<CallState> {
  return createStateMachine({ name: 'call', initial: 'None', transitions, onChange });
}
