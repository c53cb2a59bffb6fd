import { CallReporter } from '../CallReporter.ts';
import type { CallDependencies } from '../callTypes.ts';
import type { EarlierCalls } from './CallJournal.ts';
import type { KeptCall } from './keptCall.ts';

export interface RestoreOptions {
  readonly deps: CallDependencies;
  readonly restore: (kept: KeptCall) => Promise<unknown>;
}

/**
 * Goes on with the calls of an earlier process, as far as whoever was in them is still waiting; the others have ended
 * with it, which the platform is told of now.
 */
export async function restoreEarlierCalls(
  { calls, isRecent }: EarlierCalls,
  { deps, restore }: RestoreOptions,
): Promise<void> {
  const goesOn = ({ state, participants, waiting }: KeptCall): boolean =>
    isRecent && state === 'connected' && participants.length + waiting.length > 0;
  calls.filter((kept) => !goesOn(kept)).forEach((kept) => abandon(kept, deps));
  await Promise.all(
    calls.filter(goesOn).map(async (kept) => {
      try {
        await restore(kept);
      } catch (error) {
        deps.logger.error({ err: error, callId: kept.id }, 'call not restored');
        abandon(kept, deps);
      }
    }),
  );
}

/** Nobody was told that the call has ended: not even its own record. */
function abandon(kept: KeptCall, deps: CallDependencies): void {
  const { id, applicationId, kind, roomId, settings } = kept;
  const call = { id, applicationId, kind, settings, ...(roomId === undefined ? {} : { roomId }) };
  new CallReporter({ ...call, onEnded: () => {} }, deps).abandoned(kept);
  deps.journal?.forget(id);
}
