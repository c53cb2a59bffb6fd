import type { Report } from './countReport.ts';

/** The tests that were not tried, a line for each reason: who reads that all passed must not take these for passed. */
export function untriedTests(report: Report | undefined): string[] {
  const tests = (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  const untried = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const byReason = Map.groupBy(
    untried,
    ({ fullName, meta }) => meta?.whySkipped ?? `nobody says why (${fullName})`,
  );

  return [...byReason].map(([reason, { length }]) => `${length} skipped: ${reason}`);
}
