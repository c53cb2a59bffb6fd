import { createGuestLinkSchema, createRoomSchema } from '@parley/protocol/rest';
import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import { createGuestLink } from '../guestLinks/createGuestLink.ts';
import type { KeyGuard } from '../requests/keyGuard.ts';
import { parsePageRequest } from '../requests/paging.ts';
import { parse, parseId } from '../requests/parse.ts';
import { createRoom } from './createRoom.ts';
import { getRoom } from './getRoom.ts';
import { listRooms } from './listRooms.ts';

export function roomRoutes(context: ApiContext, guard: KeyGuard): Router {
  const router = Router();

  router.post(
    '/v1/rooms',
    guard('provision', async ({ applicationId, body, response }) => {
      const room = await createRoom(context, applicationId, parse(createRoomSchema, body));
      response.status(201).location(`/v1/rooms/${room.id}`).json(room);
    }),
  );

  router.get(
    '/v1/rooms',
    guard('provision', async ({ applicationId, request, response }) => {
      response.json(await listRooms(context, applicationId, parsePageRequest(request.query)));
    }),
  );

  router.get(
    '/v1/rooms/:id',
    guard('provision', async ({ applicationId, request, response }) => {
      response.json(await getRoom(context, applicationId, parseId(request.params['id'], 'room_not_found')));
    }),
  );

  router.post(
    '/v1/rooms/:id/guest-links',
    guard('provision', async ({ applicationId, body, request, response }) => {
      const roomId = parseId(request.params['id'], 'room_not_found');
      const wish = parse(createGuestLinkSchema, body);
      response.status(201).json(await createGuestLink(context, { applicationId, roomId }, wish));
    }),
  );

  return router;
}
