import { createStateMachine, type StateMachine } from '@parley/kit';

type MicrophoneState = 'usable' | 'off' | 'closed';

const transitions = {
  usable: ['off', 'closed'],
  off: ['usable', 'closed'],
  closed: [],
} as const satisfies Record<MicrophoneState, readonly MicrophoneState[]>;

/**
 * The life of the microphone of one call:
 *
 *             the role forbids it, the server ends it
 *     usable ─────────────────────────────────────────► off
 *       │    ◄─────────────────────────────────────────  │
 *       │                     unmute                     │
 *       └──────────► closed ◄────────────────────────────┘
 *
 * While it is off no device is open; a role that allows it again does not turn it on by itself.
 */
export function createMicrophoneMachine(): StateMachine<MicrophoneState> {
  return createStateMachine<MicrophoneState>({ name: 'microphone', initial: 'usable', transitions });
}
