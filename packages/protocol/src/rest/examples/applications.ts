import { limitsWith } from '../../limits.ts';
import type { OperationExamples } from './example.ts';
import { apiKey, application, auditEntry, consoleKey, serviceAuditEntry, signingKey } from './world.ts';

export const applicationExamples: OperationExamples<
  | 'createApplication'
  | 'listApplications'
  | 'getApplication'
  | 'updateApplication'
  | 'deleteApplication'
  | 'createApiKey'
  | 'listApiKeys'
  | 'revokeApiKey'
  | 'listAuditEntries'
  | 'listOperatorAuditEntries'
  | 'listSigningKeys'
  | 'rotateSigningKey'
> = {
  createApplication: [
    {
      summary: 'Create an application',
      body: { id: 'globex', name: 'Globex', allowedOrigins: ['https://globex.example'] },
      answer: {
        id: 'globex',
        name: 'Globex',
        publicKey: 'pk_m4zt1vk8c2n5x0q7w3r6y9ba',
        allowedOrigins: ['https://globex.example'],
        limits: limitsWith(),
        callSettings: {},
        contacts: false,
        createdAt: '2026-03-04T10:00:00.000Z',
      },
    },
  ],
  listApplications: [{ summary: 'List applications', answer: { items: [application] } }],
  getApplication: [
    { summary: 'Get an application', params: { applicationId: application.id }, answer: application },
  ],
  updateApplication: [
    {
      summary: 'Raise one limit and restore the standard of another',
      params: { applicationId: application.id },
      body: { limits: { requestsPerMinute: 12_000, visitorsPerMinute: null } },
      answer: { ...application, limits: limitsWith({ requestsPerMinute: 12_000 }) },
    },
    {
      summary: 'Let calls ring for 30 seconds, and end a call at once for who is left alone',
      params: { applicationId: application.id },
      body: { callSettings: { ringingTimeoutSeconds: 30, aloneTimeoutSeconds: 0 } },
      answer: { ...application, callSettings: { ringingTimeoutSeconds: 30, aloneTimeoutSeconds: 0 } },
    },
  ],
  deleteApplication: [{ summary: 'Delete an application', params: { applicationId: application.id } }],
  createApiKey: [
    {
      summary: 'Make a key for a backend',
      params: { applicationId: application.id },
      body: { name: 'Backend, autumn', rights: ['provision'] },
      answer: {
        id: 'key_t1v8k4zm0c7xq2n5',
        name: 'Backend, autumn',
        rights: ['provision'],
        createdAt: '2026-03-04T10:00:00.000Z',
        secret: 'sk_t1v8k4zm0c7xq2n5T7hQm2ZcV9xLr4KpWn8Jd6Fs0Gb3Ye5Ua1Io-Xq_ZwE',
      },
    },
  ],
  listApiKeys: [
    {
      summary: 'List keys',
      params: { applicationId: application.id },
      answer: { items: [apiKey, consoleKey] },
    },
  ],
  revokeApiKey: [{ summary: 'Revoke a key', params: { applicationId: application.id, keyId: apiKey.id } }],
  listAuditEntries: [
    {
      summary: 'See what was done on a day',
      query: { from: '2026-01-10T00:00:00Z', to: '2026-01-11T00:00:00Z' },
      answer: { items: [auditEntry] },
    },
  ],
  listOperatorAuditEntries: [
    { summary: 'See what was done to the whole service', answer: { items: [serviceAuditEntry] } },
    {
      summary: 'See what was done to an application on a day',
      query: { applicationId: application.id, from: '2026-01-10T00:00:00Z', to: '2026-01-11T00:00:00Z' },
      answer: { items: [auditEntry] },
    },
  ],
  listSigningKeys: [{ summary: 'List signing keys', answer: { items: [signingKey] } }],
  rotateSigningKey: [{ summary: 'Rotate', body: {}, answer: signingKey }],
};
