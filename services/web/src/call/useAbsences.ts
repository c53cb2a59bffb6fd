import { useEffect } from 'react';
import type { Call } from '@parley/calling';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';

/** Says of callees who do not come to a call that goes on without them why they do not. */
export function useAbsences(call: Call, notices: Notices): void {
  useEffect(
    () =>
      call.on('remoteParticipantsUpdated', ({ removed }) => {
        for (const { callEndReason, displayName } of removed) {
          const words = callEndReason === undefined ? undefined : texts.call.absent[callEndReason.name];
          if (words !== undefined && call.kind !== 'direct') {
            notices.show(words(displayName));
          }
        }
      }),
    [call, notices],
  );
}
