import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignPage extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves one page from an origin of its own, as an application that uses the SDK would be.
 *
 * @param scripts What else is there, by path.
 */
export async function serveForeignPage(
  html: string,
  scripts: Readonly<Record<string, string>> = {},
): Promise<ForeignPage> {
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts[url];
    response
      .setHeader('content-type', `text/${script === undefined ? 'html' : 'javascript'}; charset=utf-8`)
      .end(script ?? html);
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
