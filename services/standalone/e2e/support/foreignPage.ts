import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignPage extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves one page from an origin of its own, as an application that uses the SDK would be.
 *
 * @param answers What else is there, by path: text, or what the application's backend says.
 */
export async function serveForeignPage(
  html: string,
  answers: Readonly<Record<string, string | (() => string)>> = {},
): Promise<ForeignPage> {
  const server = createServer(({ url = '/' }, response) => {
    const answer = answers[url];
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response
      .setHeader('content-type', `${type}; charset=utf-8`)
      .end((typeof answer === 'function' ? answer() : answer) ?? html);
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
