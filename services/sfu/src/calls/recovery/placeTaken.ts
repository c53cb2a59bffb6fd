import type { CallNotification } from '@parley/protocol';

/** To the connection whose place a later one of its client has taken: it would take itself to be in the call for ever. */
export function placeTaken(callId: string): CallNotification {
  return { name: 'callEnded', data: { callId, reason: 'connection_lost' } };
}
