/**
 * What the npm scripts call. Runs under any Node.js from 20 on and hands over to the pinned Node.js 24, which
 * npm has put into node_modules: `launch.mjs COMMAND [ARGUMENTS]`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname, which came with Node.js 20.11.
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const setup = join(root, 'infra/setup/src/main.ts');
const platform = join(root, 'services/standalone/src/main.ts');
const settings = join(root, 'services/standalone/src/checkSettings.ts');

const requiredMajor = 24;

/** npm passes a Ctrl-C on that the terminal has sent to us already: what follows so closely is the same one. */
const sameSignalMs = 500;

/**
 * Each command's programs, run one after another. Only the last one is given the command's own arguments.
 * @type {Record<string, (commandArguments: string[]) => string[][]>}
 */
const commands = {
  start: (given) =>
    asksForHelp(given) ? [[platform]] : [[settings, ...given], [setup, 'start'], [platform]],
  setup: () => [[setup, 'all']],
  test: () => [[setup, 'test'], [join(root, 'infra/setup/src/checks.ts')]],
  check: () => [
    [setup, 'check'],
    [join(root, 'infra/setup/src/checks.ts'), '--static'],
  ],
  'check:install': () => [[join(root, 'infra/setup/src/checkInstall.ts')]],
  'test:network': () => [
    [setup, 'test'],
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'network'],
  ],
  'bench:join': () => [[setup, 'test'], [join(root, 'services/standalone/bench/join.ts')]],
  'bench:network': () => [[setup, 'test'], [join(root, 'services/standalone/bench/network.ts')]],
  'bench:sfu': () => [
    [setup, 'test'],
    [join(root, 'services/sfu/bench/sfu.ts')],
    [join(root, 'services/standalone/bench/recovery.ts')],
  ],
  'bench:tokens': () => [[setup, 'test'], [join(root, 'services/api/bench/tokens.ts')]],
};

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} given
 * @returns {Promise<number>} the exit code
 */
async function main([name = '', ...commandArguments]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    return fail(`There is no command "${name}"; there are ${Object.keys(commands).join(', ')}.`);
  }
  const node = findNode();
  if (node === undefined) {
    return fail(
      process.platform === 'linux'
        ? `Parley's own Node.js ${requiredMajor} is missing from node_modules; run npm ci.`
        : `Parley needs Node.js ${requiredMajor} or newer here, and this is ${process.version}; install it.`,
    );
  }

  const programs = command(commandArguments);
  for (const [index, program] of programs.entries()) {
    const extra = index === programs.length - 1 ? commandArguments : [];
    const code = await run(node, [...program, ...extra]);
    if (code !== 0) {
      return code;
    }
  }

  return 0;
}

/** @param {string[]} given */
function asksForHelp(given) {
  return given.includes('--help') || given.includes('-h');
}

/** @returns {string | undefined} */
function findNode() {
  const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(pinned)) {
    return pinned;
  }

  return Number.parseInt(process.versions.node, 10) >= requiredMajor ? process.execPath : undefined;
}

/**
 * Runs one program to its end and answers its exit code.
 *
 * The child leads a process group of its own, so that a Ctrl-C reaches it once, from here: it gets to end its
 * calls politely while we wait. A second Ctrl-C ends it at once.
 *
 * @param {string} node
 * @param {string[]} program
 * @returns {Promise<number>}
 */
function run(node, program) {
  const [file, ...leading] = [...diesWithUs(), node];
  const path = [join(root, 'node_modules/.bin'), dirname(node), process.env.PATH].join(delimiter);
  const child = spawn(file, [...leading, ...program], {
    detached: true,
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
  });

  let signalledAt = -Infinity;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const isRepeated = signalledAt !== -Infinity;
    if (Date.now() - signalledAt < sameSignalMs || child.pid === undefined) {
      return;
    }
    signalledAt = Date.now();
    if (isRepeated) {
      killGroup(child.pid);
    } else {
      child.kill(signal);
    }
  };
  const handlers = /** @type {const} */ ([
    ['SIGINT', () => forward('SIGINT')],
    ['SIGTERM', () => forward('SIGTERM')],
    // The terminal is gone, which is a request to end like any other.
    ['SIGHUP', () => forward('SIGTERM')],
  ]);
  for (const [signal, handler] of handlers) {
    process.on(signal, handler);
  }

  return new Promise((resolveCode) => {
    child.once('error', (error) => resolveCode(fail(`${node} cannot be run here (${error.message}).`)));
    child.once('exit', (code, signal) => {
      for (const [name, handler] of handlers) {
        process.off(name, handler);
      }
      resolveCode(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}

/** @param {number} leader */
function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Where util-linux is at hand the kernel ends the child politely even when we are killed outright. */
function diesWithUs() {
  const setpriv = '/usr/bin/setpriv';

  return existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--'] : [];
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(sentence);

  return 1;
}
