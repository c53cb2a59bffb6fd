import type { Response } from 'express';

/**
 * Answers with JSON that no cache keeps. Not by Express's `json()`, which hashes every body for an ETag; and with the
 * end of line that a terminal expects after it.
 */
export function sendJson(response: Response, body: unknown, type = 'application/json'): void {
  response.type(type).end(`${JSON.stringify(body)}\n`);
}
