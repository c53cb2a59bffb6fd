import { listAuditEntries } from '../audit/listAuditEntries.ts';
import { listOperatorAuditEntries } from '../audit/listOperatorAuditEntries.ts';
import { createApiKey } from '../apiKeys/createApiKey.ts';
import { listApiKeys } from '../apiKeys/listApiKeys.ts';
import { revokeApiKey } from '../apiKeys/revokeApiKey.ts';
import { createAccessToken } from '../accessTokens/createAccessToken.ts';
import { listAccessTokens } from '../accessTokens/listAccessTokens.ts';
import { revokeAccessToken } from '../accessTokens/revokeAccessToken.ts';
import { deleteAnonymousDestinations } from '../anonymousDestinations/deleteAnonymousDestinations.ts';
import { getAnonymousDestinations } from '../anonymousDestinations/getAnonymousDestinations.ts';
import { putAnonymousDestinations } from '../anonymousDestinations/putAnonymousDestinations.ts';
import { createApplication } from '../applications/createApplication.ts';
import { deleteApplication } from '../applications/deleteApplication.ts';
import { getApplication } from '../applications/getApplication.ts';
import { listApplications } from '../applications/listApplications.ts';
import { updateApplication } from '../applications/updateApplication.ts';
import { endCall } from '../calls/endCall.ts';
import { getCall } from '../calls/getCall.ts';
import { getCallStats } from '../calls/getCallStats.ts';
import { listCalls } from '../calls/listCalls.ts';
import { listMyCalls } from '../calls/listMyCalls.ts';
import { muteParticipant } from '../calls/muteParticipant.ts';
import { removeParticipant } from '../calls/removeParticipant.ts';
import { listContacts } from '../contacts/listContacts.ts';
import { createGuestLink } from '../guestLinks/createGuestLink.ts';
import { listGuestLinks } from '../guestLinks/listGuestLinks.ts';
import { revokeGuestLink } from '../guestLinks/revokeGuestLink.ts';
import { createGuestSession } from '../guestSessions/createGuestSession.ts';
import { createRoom } from '../rooms/createRoom.ts';
import { deleteRoom } from '../rooms/deleteRoom.ts';
import { getRoom } from '../rooms/getRoom.ts';
import { listRooms } from '../rooms/listRooms.ts';
import { updateRoom } from '../rooms/updateRoom.ts';
import { listSigningKeys } from '../signingKeys/listSigningKeys.ts';
import { rotateSigningKey } from '../signingKeys/rotateSigningKey.ts';
import { createSession } from '../tokens/createSession.ts';
import { issueToken, issueTokenAtOnce } from '../tokens/issueToken.ts';
import { revokeTokens } from '../tokens/revokeTokens.ts';
import { createUser } from '../users/createUser.ts';
import { deleteUser } from '../users/deleteUser.ts';
import { getUser } from '../users/getUser.ts';
import { listUsers } from '../users/listUsers.ts';
import { updateUser } from '../users/updateUser.ts';
import type { Handlers, SelfRecordingHandlers } from './handlerTypes.ts';

/** The handler of every operation; the compiler finds one that is missing. */
export const handlers: Handlers = {
  createUser,
  listUsers,
  getUser,
  updateUser,
  deleteUser,
  issueToken,
  revokeTokens,
  createAccessToken,
  listAccessTokens,
  revokeAccessToken,
  createSession,
  getAnonymousDestinations,
  putAnonymousDestinations,
  deleteAnonymousDestinations,
  createGuestSession,
  createRoom,
  listRooms,
  getRoom,
  updateRoom,
  deleteRoom,
  createGuestLink,
  listGuestLinks,
  revokeGuestLink,
  listCalls,
  getCall,
  endCall,
  removeParticipant,
  muteParticipant,
  getCallStats,
  listContacts,
  listMyCalls,
  createApplication,
  listApplications,
  getApplication,
  updateApplication,
  deleteApplication,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  listAuditEntries,
  listOperatorAuditEntries,
  listSigningKeys,
  rotateSigningKey,
};

/**
 * Operations too frequent for a transaction each, which write their audit row themselves before they answer. Used for
 * requests without an Idempotency-Key.
 */
export const selfRecording: SelfRecordingHandlers = { issueToken: issueTokenAtOnce };
