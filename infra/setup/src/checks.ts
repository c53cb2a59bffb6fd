import { runCheck, type Check } from './checks/runCheck.ts';
import { runTests } from './checks/runTests.ts';

/** From the quickest to the slowest, so that a slip shows early. */
const staticChecks: readonly Check[] = [
  { name: 'format', command: 'prettier', args: ['--check', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware'] },
  { name: 'types', command: 'turbo', args: ['run', 'typecheck', '--ui=stream', '--output-logs=errors-only'] },
  { name: 'dead code', command: 'knip', args: [] },
];

const tally = { passed: 0, failed: 0 };
const lastLines: string[] = [];
for (const check of staticChecks) {
  tally[(await runCheck(check)) ? 'passed' : 'failed'] += 1;
}
if (!process.argv.includes('--static')) {
  const tests = await runTests(process.argv.includes('--long') ? 'all' : 'quick');
  tally.passed += tests.passed;
  tally.failed += tests.failed;
  lastLines.push(...tests.untried);
}

process.exitCode = tally.failed === 0 ? 0 : 1;
lastLines.push(`${tally.passed} passed, ${tally.failed} failed`);
console.log(`\n${lastLines.join('\n')}`);
