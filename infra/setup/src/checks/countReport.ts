/** What the closing line counts. */
export interface Tally {
  passed: number;
  failed: number;
}

/** The part of vitest's JSON report (as of Jest's) that is counted. */
export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: ReportedTest[] }[];
}

export interface ReportedTest {
  /** `passed`, `failed`, or of one that was not tried `skipped`, `todo` or `pending`. */
  status: string;
  fullName: string;
  /** What whoever skips tests says of them. */
  meta?: { whySkipped?: string };
}

/**
 * Counts a test run. A file that does not load holds no test that failed, and an error outside of any test belongs
 * to none: each counts as one failure, and so does a run without a report.
 */
export function countReport(report: Report | undefined, succeeded: boolean): Tally {
  const unloaded = report?.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0);

  return { passed: report?.numPassedTests ?? 0, failed: succeeded ? failed : Math.max(failed, 1) };
}
