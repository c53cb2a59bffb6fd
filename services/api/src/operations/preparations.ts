import { findLiveCall } from '../calls/findLiveCall.ts';
import { admitGuest } from '../guestSessions/admitGuest.ts';
import { admitHolder } from '../tokens/admitHolder.ts';
import { hashPassword } from '../users/hashPassword.ts';
import type { Preparations, Prepare } from './handlerTypes.ts';

/** The preparation of each operation that has one. */
export const preparations: { readonly [Name in keyof Preparations]: Prepare<Name> } = {
  createUser: hashPassword,
  updateUser: hashPassword,
  createSession: admitHolder,
  createGuestSession: admitGuest,
  endCall: findLiveCall,
  removeParticipant: findLiveCall,
  muteParticipant: findLiveCall,
};
