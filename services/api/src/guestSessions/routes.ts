import { ProtocolError } from '@parley/protocol';
import { createGuestSessionSchema } from '@parley/protocol/rest';
import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import { findGuestLink } from '../guestLinks/findGuestLink.ts';
import type { OriginPolicy } from '../requests/origin.ts';
import { parse } from '../requests/parse.ts';
import { readJson } from '../requests/readJson.ts';
import { createGuestSession } from './createGuestSession.ts';

/** `POST /v1/guest-sessions`: no key, the link's code is the secret. */
export function guestSessionRoutes(context: ApiContext, enforceOrigin: OriginPolicy): Router {
  return Router().post('/v1/guest-sessions', async (request, response) => {
    await context.limits.guestsPerAddress.take(request.ip ?? '');
    const { code, displayName } = parse(createGuestSessionSchema, await readJson(request, response));
    const link = await findGuestLink(context.database, code);
    if (link === undefined) {
      throw new ProtocolError('not_found', 'This link is not valid.');
    }
    enforceOrigin({ request, response }, link.room.application);
    response.status(201).json(await createGuestSession(context, link, displayName));
  });
}
