import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Report } from '../src/checks/countReport.ts';
import { temporaryFolder, writeScript } from './support/folder.ts';

const checks = fileURLToPath(new URL('../src/checks.ts', import.meta.url));

it('npm test ends with what was not tried and why, and after that with the line that counts', async () => {
  const folder = await temporaryFolder();
  const why = 'there is no network';
  const report: Report = {
    numPassedTests: 1,
    numFailedTests: 0,
    testResults: [
      {
        status: 'passed',
        assertionResults: [
          { fullName: 'one', status: 'passed' },
          { fullName: 'two', status: 'skipped', meta: { whySkipped: why } },
          { fullName: 'three', status: 'skipped', meta: { whySkipped: why } },
        ],
      },
    ],
  };
  await Promise.all(
    ['prettier', 'oxlint', 'turbo', 'knip'].map((name) => writeScript(folder, name, 'exit 0')),
  );
  await writeScript(
    folder,
    'vitest',
    `for option; do case $option in --outputFile.json=*) echo '${JSON.stringify(report)}' > "\${option#*=}";; esac; done`,
  );

  const { stdout } = await promisify(execFile)(process.execPath, [checks], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
  });

  expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([`2 skipped: ${why}`, '5 passed, 0 failed']);
});
