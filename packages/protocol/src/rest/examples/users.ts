import type { OperationExamples } from './example.ts';
import { accessTokenValue, alice, bob, sessionToken } from './world.ts';

export const userExamples: OperationExamples<
  'createUser' | 'listUsers' | 'getUser' | 'updateUser' | 'deleteUser'
> = {
  createUser: [
    {
      summary: 'Create a user with an id of your own and get a first token along',
      body: {
        id: 'carol',
        displayName: 'Carol Clark',
        email: 'Carol@acme.example',
        phoneNumbers: ['+4930765432'],
        metadata: { department: 'sales' },
        issueToken: true,
      },
      answer: {
        id: 'carol',
        kind: 'user',
        displayName: 'Carol Clark',
        email: 'carol@acme.example',
        phoneNumbers: ['+4930765432'],
        metadata: { department: 'sales' },
        hasPassword: false,
        admin: false,
        createdAt: '2026-03-04T10:00:00.000Z',
        token: { token: sessionToken, expiresAt: '2026-03-05T10:00:00.000Z' },
      },
    },
    {
      summary: 'Create a user for a device that keeps an access token',
      body: { displayName: 'Lobby screen', issueAccessToken: true },
      answer: {
        id: 'user-8c2n5x0q7m4zt1vk',
        kind: 'user',
        displayName: 'Lobby screen',
        phoneNumbers: [],
        hasPassword: false,
        admin: false,
        createdAt: '2026-03-04T10:00:00.000Z',
        accessToken: {
          id: 'd3x0q8m2z7ct5v1k',
          createdAt: '2026-03-04T10:00:00.000Z',
          accessToken: accessTokenValue,
        },
      },
    },
    {
      summary: 'Create a user who can sign in',
      body: { id: 'dave', email: 'dave@acme.example', password: 'correct horse battery staple' },
      answer: {
        id: 'dave',
        kind: 'user',
        displayName: 'dave',
        email: 'dave@acme.example',
        phoneNumbers: [],
        hasPassword: true,
        admin: false,
        createdAt: '2026-03-04T10:00:00.000Z',
      },
    },
  ],
  listUsers: [
    {
      summary: 'Get the first page',
      query: { limit: 1 },
      answer: { items: [alice], nextCursor: 'YWxpY2U' },
    },
    {
      summary: 'Get the page after it, by the cursor',
      query: { limit: 20, cursor: 'YWxpY2U' },
      answer: { items: [bob] },
    },
  ],
  getUser: [{ summary: 'Get a user', params: { userId: alice.id }, answer: alice }],
  updateUser: [
    {
      summary: 'Rename a user and take the phone numbers away',
      params: { userId: alice.id },
      body: { displayName: 'Alice Archer', phoneNumbers: null },
      answer: { ...alice, displayName: 'Alice Archer', phoneNumbers: [] },
    },
    {
      summary: 'Add to the metadata of a user, and take something out of it',
      params: { userId: alice.id },
      body: { metadata: { department: null, desk: { floor: 3 } } },
      answer: { ...alice, metadata: { languages: ['en', 'de'], desk: { floor: 3 } } },
    },
  ],
  deleteUser: [{ summary: 'Delete a user', params: { userId: bob.id } }],
};
