import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { checkout } from './platform.ts';
import { serveOrigin, type Origin } from './serveOrigin.ts';

/** What the sources of the packages import by name. */
const importMap = {
  imports: { '@parley/kit': '/packages/kit/src/index.ts', '@parley/calling/': '/packages/calling/src/' },
};

/**
 * Serves a page from an origin of its own, and beside it the sources of the packages as a browser reads them. In its
 * script `@parley/calling/<name>/index.ts` is a sub-path of the SDK, as a bundler would have brought it.
 *
 * @param script A module.
 */
export function serveSourcePage(script: string): Promise<Origin> {
  const html = `<!doctype html><title>Application</title>
<script type="importmap">${JSON.stringify(importMap)}</script>
<script type="module">${script}</script>`;
  return serveOrigin((request, response) => {
    const path = request.url ?? '/';
    if (!/^\/packages\/\w+\/src\/[\w/]+\.ts$/.test(path)) {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html);

      return;
    }
    readFile(join(checkout, path), 'utf8').then(
      (source) => response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source)),
      () => response.writeHead(404).end(),
    );
  });
}
