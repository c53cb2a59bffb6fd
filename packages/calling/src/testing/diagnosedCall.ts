import type { UserFacingDiagnostics } from '../diagnostics/index.ts';
import {
  UserFacingDiagnosticsImpl,
  type DiagnosticsEnvironment,
} from '../diagnostics/UserFacingDiagnosticsImpl.ts';
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { measuredCall } from './measuredCall.ts';
import { nextTurn } from './testClient.ts';

/** The diagnostics of a call, each change kept by name. */
export async function diagnosedCall(environment: Partial<DiagnosticsEnvironment> = {}) {
  const parts = await measuredCall();
  const factory: CallFeatureFactory<UserFacingDiagnostics> = (host: CallFeatureHost) =>
    new UserFacingDiagnosticsImpl(host, { isOnline: () => true, listsSpeakers: true, ...environment });
  const diagnostics = parts.call.feature(factory);
  const told: [string, unknown][] = [];
  for (const board of [diagnostics.network, diagnostics.media]) {
    board.on('diagnosticChanged', ({ diagnostic, value }) => told.push([diagnostic, value]));
  }
  await nextTurn();

  return {
    ...parts,
    ...diagnostics,
    /** What was told of one diagnostic since it was last asked. */
    of: (name: string): unknown[] => {
      const values = told.filter(([known]) => known === name).map(([, value]) => value);
      told.splice(0, told.length, ...told.filter(([known]) => known !== name));

      return values;
    },
    told,
  };
}
