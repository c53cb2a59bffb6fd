import { describe, expect, it } from 'vitest';
import { formatElapsed, runSteps } from './runSteps.ts';
import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';

const never = new AbortController().signal;

function screen(isTTY: boolean) {
  const lines: string[] = [];

  return { lines, isTTY, write: (text: string) => void lines.push(text) };
}

function step(name: string, options: Partial<Step> = {}): Step {
  return { name, isDone: () => false, run: async () => 'made', ...options };
}

describe('runSteps', () => {
  it('says nothing of what is done already', async () => {
    const output = screen(false);

    await runSteps([step('worker', { isDone: () => true })], never, output);

    expect(output.lines).toEqual([]);
  });

  it('prints one line with what was done and how long it took', async () => {
    const output = screen(false);

    await runSteps([step('worker')], never, output);

    expect(output.lines.at(-1)).toMatch(/^✓ worker: made \(\d+\.\d s\)\n$/);
  });

  it('rewrites its line on a terminal as the step goes on', async () => {
    const output = screen(true);
    const building = step('worker', {
      async run({ progress }) {
        progress('compiling 1 of 2');
        progress('compiling 2 of 2');

        return 'built';
      },
    });

    await runSteps([building], never, output);

    expect(output.lines[1]).toContain('\r\u001B[2K… worker: compiling 1 of 2 (');
    expect(output.lines[2]).toContain('\r\u001B[2K… worker: compiling 2 of 2 (');
    expect(output.lines.filter((line) => line.includes('\n'))).toHaveLength(1);
  });

  it('without a terminal tells a new phase, not each count of it', async () => {
    const output = screen(false);
    const building = step('worker', {
      async run({ progress }) {
        progress('fetching');
        progress('compiling 1 of 2');
        progress('compiling 2 of 2');

        return 'built';
      },
    });

    await runSteps([building], never, output);

    expect(output.lines.filter((line) => line.includes('compiling'))).toHaveLength(1);
    expect(output.lines.filter((line) => line.includes('fetching'))).toHaveLength(1);
  });

  it('stops at the step that fails, marks it and passes its error on', async () => {
    const output = screen(false);
    const failing = step('worker', { run: () => Promise.reject(new Error('no compiler')) });
    const ran: string[] = [];
    const next = step('page', {
      async run() {
        ran.push('page');

        return 'built';
      },
    });

    await expect(runSteps([failing, next], never, output)).rejects.toThrow('no compiler');

    expect(output.lines.at(-1)).toMatch(/^✗ worker/);
    expect(ran).toEqual([]);
  });

  it('says why an optional one cannot be brought, and goes on', async () => {
    const output = screen(false);
    const failing = step('Firefox', {
      isOptional: true,
      run: () => Promise.reject(new SetupError('No Firefox was found.')),
    });

    await runSteps([failing, step('page')], never, output);

    expect(output.lines).toContain('– Firefox: No Firefox was found.\n');
    expect(output.lines.at(-1)).toMatch(/^✓ page/);
  });

  it('stops at an optional one that goes wrong in another way', async () => {
    const failing = step('Firefox', { isOptional: true, run: () => Promise.reject(new Error('ENOSPC')) });

    await expect(runSteps([failing], never, screen(false))).rejects.toThrow('ENOSPC');
  });
});

describe('formatElapsed', () => {
  it.each([
    [940, '0.9 s'],
    [12_400, '12 s'],
    [119_900, '2 min 0 s'],
    [272_000, '4 min 32 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
