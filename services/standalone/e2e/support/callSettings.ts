import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { TestPlatform } from './platform.ts';

/** Whoever runs the platform of a test file may change its applications with it. */
export const operatorKey = randomBytes(32).toString('base64url');

/** The calls that the demo begins from now on behave so; the platform runs with `operatorKey`. */
export async function changeCallSettings(
  platform: TestPlatform,
  callSettings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await changeDemo(platform, { callSettings });
}

/** Changes the demo application; the platform runs with `operatorKey`. */
export async function changeDemo(
  { url, demo }: TestPlatform,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await fetch(`${url}/v1/applications/${demo.applicationId}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
  expect(answer.status).toBe(200);
}
