import type { Handler } from '../handlerTypes.ts';

export const joinRoom: Handler<'joinRoom'> = ({ endpoint, calls }, data) => calls.joinRoom(endpoint, data);
