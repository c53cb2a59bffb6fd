import { describe, expect, it } from 'vitest';
import { countReport, type Report } from './countReport.ts';

const green: Report = {
  numPassedTests: 3,
  numFailedTests: 0,
  testResults: [
    {
      status: 'passed',
      assertionResults: ['one', 'another', 'the last'].map((fullName) => ({ fullName, status: 'passed' })),
    },
  ],
};

describe('countReport', () => {
  it('counts the tests of a green run', () => {
    expect(countReport(green, true)).toEqual({ passed: 3, failed: 0 });
  });

  it('counts failed tests', () => {
    const report = { ...green, numPassedTests: 1, numFailedTests: 2 };

    expect(countReport(report, false)).toEqual({ passed: 1, failed: 2 });
  });

  it('counts a file that does not load as a failure', () => {
    const report = {
      ...green,
      testResults: [...green.testResults, { status: 'failed', assertionResults: [] }],
    };

    expect(countReport(report, false)).toEqual({ passed: 3, failed: 1 });
  });

  it('fails a run whose tests passed and which ended with an error', () => {
    expect(countReport(green, false)).toEqual({ passed: 3, failed: 1 });
  });

  it('fails a run that left no report', () => {
    expect(countReport(undefined, false)).toEqual({ passed: 0, failed: 1 });
  });
});
