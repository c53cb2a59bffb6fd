import OAuth2Server from '@node-oauth/oauth2-server';
import type { Request } from 'express';

/** Who a client says it is. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** Status of a refused client: by HTTP authentication it is always 401 (RFC 6749, section 5.2). */
export function invalidClient(request: Request, message = 'The client is not known here.'): Error {
  const code = request.get('authorization') === undefined ? 400 : 401;

  return new OAuth2Server.InvalidClientError(message, { code });
}

/** Reads the client from HTTP Basic or from the form; one that uses both ways is refused (RFC 6749, section 2.3). */
export function clientCredentialsOf(
  request: Request,
  form: { client_id?: string | undefined; client_secret?: string | undefined },
): ClientCredentials {
  const header = request.get('authorization');
  if (header === undefined) {
    if (form.client_id === undefined) {
      throw invalidClient(request, 'Send client_id, or the client by HTTP Basic.');
    }

    return { clientId: form.client_id, clientSecret: form.client_secret };
  }
  const basic = parseBasic(header);
  if (basic === undefined) {
    throw invalidClient(request, 'Send the client by HTTP Basic or in the body.');
  }
  if (form.client_secret !== undefined || (form.client_id ?? basic.clientId) !== basic.clientId) {
    throw new OAuth2Server.InvalidRequestError('The client is given twice, by HTTP Basic and in the body.');
  }

  return basic;
}

function parseBasic(header: string): ClientCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  const parts = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString());
  const [clientId, clientSecret] = [formDecoded(parts?.[1]), formDecoded(parts?.[2])];

  return clientId === undefined || clientId === ''
    ? undefined
    : { clientId, clientSecret: clientSecret === '' ? undefined : clientSecret };
}

/** Section 2.3.1: both halves are encoded like a form before they are joined. */
function formDecoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
