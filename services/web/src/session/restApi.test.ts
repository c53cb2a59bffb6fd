import { describe, expect, it } from 'vitest';
import { createRestApi, RestError } from './restApi.ts';

/** Answers each request with one response and remembers what was asked. */
function server(status: number, body: unknown) {
  const requests: Request[] = [];
  const send: typeof fetch = async (input, init) => {
    // The page asks by path alone.
    requests.push(new Request(new URL(input as string, 'http://localhost'), init));

    return Response.json(body, { status });
  };

  return { api: createRestApi(send), requests };
}

const credentials = { clientId: 'pk_1', email: 'alice@example.com', password: 'p&w=1' };
const codeOf = (error: unknown): unknown => (error instanceof RestError ? error.code : error);

describe('signIn', () => {
  it('uses the password grant, form-encoded', async () => {
    const { api, requests } = server(200, { access_token: 't', id_token: 'i', token_type: 'Bearer' });

    expect(await api.signIn(credentials)).toEqual({ kind: 'user', token: 't' });
    expect(requests[0]?.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
    expect(await requests[0]?.text()).toBe(
      'grant_type=password&client_id=pk_1&username=alice%40example.com&password=p%26w%3D1&scope=openid',
    );
  });

  it('carries the code of an OAuth refusal', async () => {
    const { api } = server(400, { error: 'invalid_grant' });
    expect(await api.signIn(credentials).catch(codeOf)).toBe('invalid_grant');
  });

  it('says unavailable of an answer it does not understand', async () => {
    expect(await server(200, { token: 1 }).api.signIn(credentials).catch(codeOf)).toBe('unavailable');
    expect(await server(502, 'gateway').api.signIn(credentials).catch(codeOf)).toBe('unavailable');
  });

  it('says unreachable when there is no answer', async () => {
    const api = createRestApi(async () => {
      throw new TypeError('Failed to fetch');
    });
    expect(await api.signIn(credentials).catch(codeOf)).toBe('unreachable');
  });
});

describe('openGuestSession', () => {
  it('keeps the link beside the token', async () => {
    const { api } = server(201, { token: 't', expiresAt: 'x', roomId: 'r', roomName: 'Daily' });
    expect(await api.openGuestSession('abc', 'Carol')).toEqual({
      kind: 'guest',
      code: 'abc',
      token: 't',
      roomId: 'r',
      roomName: 'Daily',
    });
  });

  it('carries the code of a problem document', async () => {
    const { api } = server(404, { type: 'about:blank', status: 404, code: 'not_found' });
    expect(await api.openGuestSession('abc', 'Carol').catch(codeOf)).toBe('not_found');
  });
});
