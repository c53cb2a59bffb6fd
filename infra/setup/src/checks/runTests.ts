import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countReport, type Report, type Tally } from './countReport.ts';
import { untriedTests } from './untriedTests.ts';
import { repositoryRoot } from '../places.ts';

export interface TestRun extends Tally {
  /** A line for each reason for which tests were not tried. */
  untried: string[];
}

/** The projects of vitest.config.ts that are quick enough for every change. */
const quickProjects = ['unit', 'mocked', 'components', 'integration', 'e2e'];

/**
 * Runs tests with vitest's own output and counts from its report.
 *
 * @param which `all` has those, too, that take long or need the machine for themselves.
 */
export async function runTests(which: 'quick' | 'all'): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const projects = which === 'all' ? [] : quickProjects.map((name) => `--project=${name}`);
    const child = spawn('vitest', ['run', ...projects, ...reporters], {
      cwd: repositoryRoot,
      stdio: 'inherit',
    });
    const [code] = await once(child, 'close');

    const report = readReport(file);

    return { ...countReport(report, code === 0), untried: untriedTests(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): Report | undefined {
  try {
    // vitest's own format, of the version that package-lock.json pins.
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
