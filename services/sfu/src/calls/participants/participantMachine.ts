import { createStateMachine, type StateMachine } from '@parley/kit';
import type { ParticipantState } from '@parley/protocol';

/**
 * The life of a place in a call:
 *
 *               connect                 lose
 *     ringing ─────────► connected ◄──────────► reconnecting
 *        │ │                 │       resume       │    ▲
 *        │ └─────────────────┼──── restore ───────┼────┘
 *        ▼                   ▼                    ▼
 *       gone ◄───────────────┴────────────────────┘
 *
 * It is `ringing` until there is a device with its media, be it that of a callee or of somebody who waits or enters. One that
 * outlives the process is restored with nobody there. `resume` may come before the loss was noticed: from `connected`.
 */
export type PlaceState = ParticipantState | 'gone';

const transitions = {
  ringing: ['connected', 'reconnecting', 'gone'],
  connected: ['connected', 'reconnecting', 'gone'],
  reconnecting: ['connected', 'gone'],
  gone: [],
} as const satisfies Record<PlaceState, readonly PlaceState[]>;

export function createParticipantMachine(): StateMachine<PlaceState> {
  return createStateMachine<PlaceState>({ name: 'participant', initial: 'ringing', transitions });
}
