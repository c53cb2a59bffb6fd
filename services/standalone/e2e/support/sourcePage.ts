import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ForeignPage } from './foreignPage.ts';
import { checkout } from './platform.ts';

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
export async function serveSourcePage(script: string): Promise<ForeignPage> {
  const html = `<!doctype html><title>Application</title>
<script type="importmap">${JSON.stringify(importMap)}</script>
<script type="module">${script}</script>`;
  const server = createServer((request, response) => {
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://localhost:${port}/`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
