import { EventSource } from '../events.ts';
import type { Diagnostic, DiagnosticEvents, Diagnostics, LatestDiagnostics } from './diagnosticTypes.ts';

/** Keeps the latest of each diagnostic and tells those that change. */
export class DiagnosticBoard<Values>
  extends EventSource<DiagnosticEvents<Values>>
  implements Diagnostics<Values>
{
  #latest: LatestDiagnostics<Values> = {};

  getLatest(): LatestDiagnostics<Values> {
    return this.#latest;
  }

  /** A flag that was never raised is not lowered. */
  set<Name extends keyof Values>(
    diagnostic: Name,
    value: Values[Name],
    detail: Pick<Diagnostic, 'deniedBy'> = {},
  ): void {
    const before = this.#latest[diagnostic];
    if (value === (before?.value ?? false) && detail.deniedBy === before?.deniedBy) {
      return;
    }
    const valueType = typeof value === 'boolean' ? 'DiagnosticFlag' : 'DiagnosticQuality';
    const latest: Diagnostic<Values[Name]> = { value, valueType, ...detail };
    this.#latest = { ...this.#latest, [diagnostic]: latest };
    this.emit('diagnosticChanged', { diagnostic, ...latest });
  }
}
