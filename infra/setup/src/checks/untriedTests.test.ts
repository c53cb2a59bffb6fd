import { describe, expect, it } from 'vitest';
import type { Report, ReportedTest } from './countReport.ts';
import { untriedTests } from './untriedTests.ts';

function reportOf(...assertionResults: ReportedTest[]): Report {
  return { numPassedTests: 0, numFailedTests: 0, testResults: [{ status: 'passed', assertionResults }] };
}

const skipped = (fullName: string, whySkipped?: string): ReportedTest => ({
  fullName,
  status: 'skipped',
  meta: whySkipped === undefined ? {} : { whySkipped },
});

describe('untriedTests', () => {
  it('names no test that was tried', () => {
    const meta = { whySkipped: 'there is no network' };

    expect(
      untriedTests(
        reportOf({ fullName: 'one', status: 'passed', meta }, { fullName: 'other', status: 'failed' }),
      ),
    ).toEqual([]);
  });

  it('says why tests were skipped, and how many for each reason', () => {
    const why = 'there is no network';

    expect(
      untriedTests(reportOf(skipped('one', why), skipped('other', 'no root'), skipped('last', why))),
    ).toEqual(['2 skipped: there is no network', '1 skipped: no root']);
  });

  it('names a test that nobody says a reason for', () => {
    expect(untriedTests(reportOf(skipped('a call ends'), { fullName: 'later', status: 'todo' }))).toEqual([
      '1 skipped: nobody says why (a call ends)',
      '1 skipped: nobody says why (later)',
    ]);
  });

  it('has nothing to say of a run that left no report', () => {
    expect(untriedTests(undefined)).toEqual([]);
  });
});
