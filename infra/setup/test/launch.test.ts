import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { processesAround } from '../src/install/processes.ts';
import { repositoryRoot } from '../src/places.ts';
import { temporaryFolder } from './support/folder.ts';

const run = promisify(execFile);

/** A checkout that holds the launcher and, in the places of set-up and platform, these programs. */
async function checkoutWith(programs: {
  setup: string;
  platform: string;
  settings?: string;
}): Promise<string> {
  const root = await temporaryFolder();
  const place = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await place('package.json', '{ "type": "module" }');
  await place('infra/setup/src/main.ts', programs.setup);
  await place('services/standalone/src/main.ts', programs.platform);
  await place('services/standalone/src/checkSettings.ts', programs.settings ?? '');
  await copyFile(join(repositoryRoot, 'infra/launch.mjs'), join(root, 'infra/launch.mjs'));

  return root;
}

async function launch(root: string, ...args: string[]) {
  const outcome = await run(process.execPath, [join(root, 'infra/launch.mjs'), ...args]).catch(
    (error: unknown) => error,
  );

  return outcome as { stdout: string; stderr: string; code?: number };
}

/** Starts the platform and resolves when it has printed its first line. */
async function start(root: string): Promise<{ launcher: ChildProcess; output: () => string }> {
  const launcher = spawn(process.execPath, [join(root, 'infra/launch.mjs'), 'start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(launcher.stdout, 'data');

  return { launcher, output: () => output };
}

async function exitCodeOf(launcher: ChildProcess): Promise<number | null> {
  const [code] = (await once(launcher, 'close')) as [number | null];

  return code;
}

/** Counts what it is sent, and takes a while to end. */
const politePlatform = `
  let signals = 0;
  process.on('SIGINT', () => {
    signals += 1;
    setTimeout(() => {
      console.log('ended after ' + signals);
      process.exit(0);
    }, 300);
  });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

describe('launch.mjs', () => {
  it('sets up, then starts the platform with the arguments given', async () => {
    const root = await checkoutWith({
      setup: `console.log('set up for ' + process.argv.slice(2));`,
      platform: `console.log('platform with ' + process.argv.slice(2));`,
    });

    expect((await launch(root, 'start', '--verbose')).stdout).toBe(
      'set up for start\nplatform with --verbose\n',
    );
  });

  it('shows the help without any set-up', async () => {
    const root = await checkoutWith({
      setup: `console.log('set up');`,
      platform: `console.log('help: ' + process.argv.slice(2));`,
    });

    expect((await launch(root, 'start', '--help')).stdout).toBe('help: --help\n');
  });

  it('checks the settings before the set-up, and goes no further when they are wrong', async () => {
    const root = await checkoutWith({
      settings: `console.log('checks ' + process.argv.slice(2)); process.exit(1);`,
      setup: `console.log('set up');`,
      platform: `console.log('started');`,
    });

    expect(await launch(root, 'start', '--bogus')).toMatchObject({ code: 1, stdout: 'checks --bogus\n' });
  });

  it('starts nothing after a set-up that failed, and passes its exit code on', async () => {
    const root = await checkoutWith({ setup: 'process.exit(7);', platform: `console.log('started');` });

    expect(await launch(root, 'start')).toMatchObject({ code: 7, stdout: '' });
  });

  it('answers an unknown command with one sentence', async () => {
    const root = await checkoutWith({ setup: '', platform: '' });

    expect(await launch(root, 'begin')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no command "begin"; there are start, .*\.\n$/),
    });
  });

  it('passes a Ctrl-C on once, though npm repeats it, and waits for the polite end', async () => {
    const root = await checkoutWith({ setup: '', platform: politePlatform });
    const { launcher, output } = await start(root);

    launcher.kill('SIGINT');
    launcher.kill('SIGINT');

    expect(await exitCodeOf(launcher)).toBe(0);
    expect(output()).toContain('ended after 1');
  });

  it('ends a platform that does not end at the second Ctrl-C', async () => {
    const root = await checkoutWith({
      setup: '',
      platform: `
        process.on('SIGINT', () => console.log('no'));
        setInterval(() => {}, 1000);
        console.log('ready');
      `,
    });
    const { launcher } = await start(root);

    launcher.kill('SIGINT');
    // A person's second Ctrl-C comes later than npm's repetition of the first: the pause is what is tested.
    await delay(700);
    launcher.kill('SIGINT');

    expect(await exitCodeOf(launcher)).toBe(137);
    expect(processesAround([root])).toEqual([]);
  });

  it('takes the platform with it when it is killed', async () => {
    const root = await checkoutWith({
      setup: '',
      platform: `
        process.on('SIGTERM', () => { console.log('told'); process.exit(0); });
        setInterval(() => {}, 1000);
        console.log('ready');
      `,
    });
    const { launcher, output } = await start(root);

    launcher.kill('SIGKILL');
    await once(launcher, 'close');

    expect(output()).toContain('told');
    expect(processesAround([root])).toEqual([]);
  });
});
