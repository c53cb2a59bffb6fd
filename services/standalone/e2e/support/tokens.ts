import type { TestPlatform } from './platform.ts';

/** A session token for a demo user, got as any page gets one: with the password grant. */
export async function userToken(platform: TestPlatform, userId: string): Promise<string> {
  const user = platform.demo.users.find(({ id }) => id === userId);
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: platform.demo.publicKey,
    username: user?.email ?? '',
    password: user?.password ?? '',
    scope: 'openid',
  });
  const answer = await fetch(`${platform.url}/v1/oauth/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) {
    throw new Error(`No token for ${userId}: HTTP ${answer.status}`);
  }

  return token;
}

/** A session token for a visitor with the demo room's guest link. */
export async function guestToken(platform: TestPlatform, displayName: string): Promise<string> {
  const code = new URL(platform.demo.room.guestLink).hash.slice(1);
  const answer = await fetch(`${platform.url}/v1/guest-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, displayName }),
  });
  const { token } = (await answer.json()) as { token?: string };
  if (token === undefined) {
    throw new Error(`No guest token: HTTP ${answer.status}`);
  }

  return token;
}
