import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processesAround } from '../src/install/processes.ts';
import { runTool, ToolFailure, type ToolOptions } from '../src/runTool.ts';
import { SetupError } from '../src/SetupError.ts';
import { temporaryFolder } from './support/folder.ts';

async function runScript(script: string, options: Partial<ToolOptions> = {}): Promise<unknown> {
  vi.stubEnv('PARLEY_CACHE_DIR', await temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());

  return runTool({
    name: 'tool',
    command: 'sh',
    args: ['-c', script],
    signal: new AbortController().signal,
    ...options,
  }).catch((error: unknown) => error);
}

describe('runTool', () => {
  it('passes on the sentence that a recipe gave for its failure', async () => {
    const failure = await runScript('echo working; echo "CAUSE: there is no compiler" >&2; exit 1');

    expect(failure).toBeInstanceOf(ToolFailure);
    expect(failure).toMatchObject({
      diagnosis: 'there is no compiler',
      message: expect.stringContaining('tool.log'),
    });
  });

  it('tells a full disk from any other failure', async () => {
    const failure = await runScript('echo "write error: No space left on device" >&2; exit 1');

    expect(failure).toBeInstanceOf(SetupError);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^The disk is full.*free some space/) });
  });

  it('ends the tool and everything it started when the user gives up', async () => {
    const folder = await temporaryFolder();
    const abort = new AbortController();

    const failure = await runScript('sleep 61 & echo started; sleep 62', {
      cwd: folder,
      signal: abort.signal,
      onLine: () => abort.abort(),
    });

    expect(failure).toMatchObject({ name: 'AbortError' });
    expect(processesAround([folder])).toEqual([]);
  });
});
