import type { Handler } from '../handlerTypes.ts';

export const addParticipants: Handler<'addParticipants'> = ({ endpoint, calls }, data) =>
  calls.addParticipants(endpoint, data);
