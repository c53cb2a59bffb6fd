import { join } from 'node:path';
import type { Plugin } from 'vite';
import { asEsModule } from './lean/asEsModule.ts';
import { withoutLogCalls } from './lean/logCalls.ts';
import { withLeanMethods } from './lean/methods.ts';
import { replacements } from './lean/replacements.ts';
import { withShortNames } from './lean/shortNames.ts';
import { leanSdpTransform } from './lean/sdpTransform.ts';

/** Written in TypeScript, and published as CommonJS. */
const compiled = /(mediasoup-client|awaitqueue|h264-profile-level-id)\/lib\//;

function lean(code: string, id: string): string {
  if (id.endsWith('mediasoup-client/lib/index.js')) {
    const [, version = ''] = /^exports\.(version = .*)$/m.exec(code) ?? [];

    // Nothing else of it is used, and the version by itself, in SDP.
    return `export { Device } from './Device.js';\nexport const ${version}`;
  }
  if (compiled.test(id)) {
    const leaner = withLeanMethods(asEsModule(withoutLogCalls(code)), id);

    return id.includes('/mediasoup-client/') ? withShortNames(leaner) : leaner;
  }

  return /sdp-transform\/lib\//.test(id) ? leanSdpTransform(code) : withLeanMethods(code, id);
}

/** Leaves out what the libraries bring for uses that this bundle has not. */
export const leanDependencies: Plugin = {
  name: 'lean-dependencies',
  enforce: 'pre',
  resolveId: (id) => (id === 'zod/mini' ? join(import.meta.dirname, 'lean/zod.ts') : undefined),
  load: (id) => replacements.find(({ module }) => module.test(id))?.code,
  transform: {
    filter: { id: /\/node_modules\// },
    handler: (code, id) =>
      replacements.some(({ module }) => module.test(id)) ? undefined : { code: lean(code, id), map: null },
  },
};
