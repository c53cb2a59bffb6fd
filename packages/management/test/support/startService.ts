import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** A server on a port of its own that answers as it is told, or, told nothing, never. */
export async function startService(
  answer: (request: SeenRequest, index: number) => Answer | undefined,
): Promise<Service> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(parts).toString() };
      seen.push(request);
      const reply = answer(request, seen.length - 1);
      if (reply !== undefined) {
        const { status, headers: extra = {}, body } = reply;
        outgoing
          .writeHead(status, { 'Content-Type': 'application/json', ...extra })
          .end(typeof body === 'object' ? JSON.stringify(body) : body);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** A problem document as the service writes it. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'X-Request-Id': '6f1f2a52-6e5e-4c2b-9a35-6f3d1f0c9f11',
      ...headers,
    },
    body: { type: `urn:parley:error:${code}`, title: 'Title.', status, detail: 'What went wrong.', code },
  };
}
