import type { ClientQuota } from './admitClient.ts';

/** Requests to the token endpoint: the key of one that makes anonymous users may lie in every visitor's page. */
export const signInQuota: ClientQuota = ({ application }, address) => ({
  window: 'signIns',
  key: JSON.stringify([application.applicationId, address]),
  points: application.limits.signInsPerMinute,
});

/** Requests about tokens: a backend asks often, and from one address, so they count like its other ones. */
export const tokenQuota: ClientQuota = (client, address) =>
  client.kind === 'public'
    ? signInQuota(client, address)
    : {
        window: 'requests',
        key: client.clientId,
        points: client.application.limits.requestsPerMinute,
      };
