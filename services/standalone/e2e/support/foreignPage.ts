import { serveOrigin, type Origin } from './serveOrigin.ts';

/**
 * Serves one page from an origin of its own, as an application that uses the SDK would be.
 *
 * @param answers What else is there, by path: text, or what the application's backend says.
 */
export function serveForeignPage(
  html: string,
  answers: Readonly<Record<string, string | (() => string)>> = {},
): Promise<Origin> {
  return serveOrigin(({ url = '/' }, response) => {
    const answer = answers[url];
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response
      .setHeader('content-type', `${type}; charset=utf-8`)
      .end((typeof answer === 'function' ? answer() : answer) ?? html);
  });
}
