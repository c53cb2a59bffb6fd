import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tryInstall, type InstallResult } from './install/tryInstall.ts';

const run = promisify(execFile);

/** The newest of each line that the README promises to work with. */
const npmVersions = ['10', '11'];

// The committed state is what a newcomer clones; the home of root (mode 700) is where PostgreSQL's user cannot reach.
const results: InstallResult[] = [];
const npmFolder = await mkdtemp(join(tmpdir(), 'parley-npm-'));
try {
  for (const version of npmVersions) {
    const prefix = join(npmFolder, version);
    await run('npm', ['install', '--silent', '--prefix', prefix, `npm@${version}`], { cwd: npmFolder });
    const cli = join(prefix, 'node_modules/npm/bin/npm-cli.js');
    const { stdout } = await run('node', [cli, '--version'], { cwd: npmFolder });
    for (const parent of [tmpdir(), homedir()]) {
      console.log(`… npm ${stdout.trim()} in a fresh clone below ${parent}`);
      results.push(await tryInstall({ parent, npm: { version: stdout.trim(), cli } }));
    }
  }
} finally {
  await rm(npmFolder, { recursive: true, force: true });
}

console.table(results.map(({ verdict: _verdict, ...figures }) => figures));
for (const { where, npm, verdict } of results) {
  console.log(`${verdict === 'ok' ? '✓' : '✗'} npm ${npm} below ${where}: ${verdict}`);
}
process.exitCode = results.every(({ verdict }) => verdict === 'ok') ? 0 : 1;
