/**
 * Hints for people about what is not as it should be with devices or network: `call.feature(UserFacingDiagnostics)`.
 *
 * @module
 */
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { UserFacingDiagnostics as UserFacingDiagnosticsFeature } from './diagnosticTypes.ts';
import { listsSpeakers } from './listsSpeakers.ts';
import { UserFacingDiagnosticsImpl } from './UserFacingDiagnosticsImpl.ts';

/** `call.feature(UserFacingDiagnostics)`: what an application can show a person with whom something does not work. */
export const UserFacingDiagnostics: CallFeatureFactory<UserFacingDiagnosticsFeature> = (
  host: CallFeatureHost,
) =>
  new UserFacingDiagnosticsImpl(host, {
    isOnline: () => navigator.onLine,
    listsSpeakers: listsSpeakers(globalThis),
  });
export type UserFacingDiagnostics = UserFacingDiagnosticsFeature;

export {
  DiagnosticQuality,
  type Diagnostic,
  type DiagnosticChanged,
  type DiagnosticEvents,
  type Diagnostics,
  type LatestDiagnostics,
  type MediaDiagnosticValues,
  type NetworkDiagnosticValues,
} from './diagnosticTypes.ts';
