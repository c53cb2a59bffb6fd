import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { repositoryRoot } from '../places.ts';
import { formatElapsed } from '../runSteps.ts';

/** A check that either holds or not, done by a program's exit code. */
export interface Check {
  name: string;
  command: string;
  args: string[];
}

/** Runs it with a line of its own, and its output only when it fails. Answers whether it held. */
export async function runCheck({ name, command, args }: Check): Promise<boolean> {
  const startedAt = Date.now();
  const child = spawn(command, args, {
    cwd: repositoryRoot,
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0', TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = await once(child, 'close');
  const held = code === 0;

  console.log(`${held ? '✓' : '✗'} ${name} (${formatElapsed(Date.now() - startedAt)})`);
  if (!held) {
    console.log(`\n${output.trim()}\n`);
  }

  return held;
}
