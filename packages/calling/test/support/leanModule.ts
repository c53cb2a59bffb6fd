import { resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { logCalls } from '../../tools/lean/logCalls.ts';
import { leanDependencies } from '../../tools/leanDependencies.ts';

/** A module of the sources or of a dependency with what it imports, made as lean as in the files for pages. */
export async function leanModule(input: string): Promise<Record<string, unknown>> {
  const built = (await build({
    configFile: false,
    root: resolve(import.meta.dirname, '../..'),
    logLevel: 'silent',
    plugins: [leanDependencies],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input,
        preserveEntrySignatures: 'strict',
        treeshake: { manualPureFunctions: [logCalls] },
        output: { format: 'es', codeSplitting: false },
      },
    },
  })) as Rolldown.RolldownOutput;
  const [chunk] = built.output;

  return (await import(`data:text/javascript,${encodeURIComponent(chunk.code)}`)) as Record<string, unknown>;
}
