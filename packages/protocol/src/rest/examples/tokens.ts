import type { OperationExamples } from './example.ts';
import { accessToken, accessTokenValue, alice, bob, sessionToken } from './world.ts';

export const tokenExamples: OperationExamples<
  | 'issueToken'
  | 'revokeTokens'
  | 'createAccessToken'
  | 'listAccessTokens'
  | 'revokeAccessToken'
  | 'createSession'
  | 'getAnonymousDestinations'
  | 'putAnonymousDestinations'
  | 'deleteAnonymousDestinations'
> = {
  issueToken: [
    {
      summary: 'Issue a token for a day of calls',
      params: { userId: alice.id },
      body: {},
      answer: { token: sessionToken, expiresAt: '2026-03-05T10:00:00.000Z' },
    },
    {
      summary: 'Issue a token for an hour that opens rooms only',
      params: { userId: alice.id },
      body: { scopes: ['rooms.join'], expiresInSeconds: 3600 },
      answer: { token: sessionToken, expiresAt: '2026-03-04T11:00:00.000Z' },
    },
  ],
  revokeTokens: [
    { summary: 'Sign a user out everywhere', params: { userId: alice.id } },
    {
      summary: 'Revoke the access tokens too',
      params: { userId: alice.id },
      query: { accessTokens: 'true' },
    },
  ],
  createAccessToken: [
    {
      summary: 'Make an access token for a device',
      params: { userId: alice.id },
      body: { name: 'Phone in the workshop' },
      answer: {
        id: 'x1c4v7b0n3m6q9wz',
        name: 'Phone in the workshop',
        createdAt: '2026-03-04T10:00:00.000Z',
        accessToken: 'at_x1c4v7b0n3m6q9wzT7hQm2ZcV9xLr4KpWn8Jd6Fs0Gb3Ye5Ua1Io-Xq_ZwE',
      },
    },
  ],
  listAccessTokens: [
    {
      summary: "List a user's access tokens",
      params: { userId: alice.id },
      answer: { items: [accessToken] },
    },
  ],
  revokeAccessToken: [
    { summary: 'Revoke a lost device', params: { userId: alice.id, accessTokenId: accessToken.id } },
  ],
  createSession: [
    {
      summary: 'Exchange an access token',
      body: { accessToken: accessTokenValue },
      answer: {
        token: sessionToken,
        expiresAt: '2026-03-05T10:00:00.000Z',
        userId: alice.id,
        displayName: alice.displayName,
      },
    },
  ],
  getAnonymousDestinations: [
    { summary: 'See whom anonymous users may call', answer: { destinations: [bob.id] } },
  ],
  putAnonymousDestinations: [
    {
      summary: 'Let anonymous users call a user and a number',
      body: { destinations: [bob.id, '+4930123456'] },
      answer: { destinations: [bob.id, '+4930123456'] },
    },
  ],
  deleteAnonymousDestinations: [{ summary: 'Let anonymous users call nobody' }],
};
