import { SetupError } from './SetupError.ts';
import type { Step } from './Step.ts';

export interface Screen {
  write(text: string): void;
  /** Whether a line can be rewritten; else a line is printed now and then. */
  isTTY: boolean;
}

const liveMs = 1_000;
const heartbeatMs = 30_000;
const clearLine = '\r\u001B[2K';

/** Runs the steps that are not done, in order, with a line for each. */
export async function runSteps(steps: readonly Step[], signal: AbortSignal, screen: Screen): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    if (!(await step.isDone())) {
      await runStep(step, signal, screen);
    }
  }
}

async function runStep(step: Step, signal: AbortSignal, screen: Screen): Promise<void> {
  const startedAt = Date.now();
  let doing = '';
  const elapsed = (): string => formatElapsed(Date.now() - startedAt);
  const live = (): string => `… ${step.name}${doing === '' ? '' : `: ${doing}`} (${elapsed()})`;
  const show = (): void => screen.write(screen.isTTY ? `${clearLine}${live()}` : `${live()}\n`);

  screen.write(screen.isTTY ? live() : `… ${step.name}\n`);
  const timer = setInterval(show, screen.isTTY ? liveMs : heartbeatMs);
  try {
    const how = await step.run({
      signal,
      progress(text) {
        const isNews = doing.split(' ')[0] !== text.split(' ')[0];
        doing = text;
        if (screen.isTTY || isNews) {
          show();
        }
      },
    });
    screen.write(`${screen.isTTY ? clearLine : ''}✓ ${step.name}: ${how} (${elapsed()})\n`);
  } catch (error) {
    if (step.isOptional === true && error instanceof SetupError) {
      screen.write(`${screen.isTTY ? clearLine : ''}– ${step.name}: ${error.message}\n`);

      return;
    }
    screen.write(`${screen.isTTY ? clearLine : ''}✗ ${step.name} (${elapsed()})\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Tenths below ten seconds, then seconds, then minutes and seconds. */
export function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 10_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }

  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
