import type { Handler } from '../handlerTypes.ts';

export const joinCall: Handler<'joinCall'> = ({ endpoint, calls }, data) => calls.joinCall(endpoint, data);
