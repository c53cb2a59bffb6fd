import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../places.ts';

export interface Tally {
  passed: number;
  failed: number;
}

/** The part of vitest's JSON report (as of Jest's) that is counted. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** Runs every test with vitest's own output and counts from its report. */
export async function runTests(): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const child = spawn('vitest', ['run', ...reporters], { cwd: repositoryRoot, stdio: 'inherit' });
    const [code] = await once(child, 'close');

    return count(readReport(file), code === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that does not load holds no test that failed, and an unhandled error belongs to none: each counts as one. */
function count(report: Report | undefined, succeeded: boolean): Tally {
  const passed = report?.numPassedTests ?? 0;
  const unloaded = report?.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0);

  return { passed, failed: succeeded ? failed : Math.max(failed, 1) };
}

function readReport(file: string): Report | undefined {
  try {
    // vitest's own format, of the version that package-lock.json pins.
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
