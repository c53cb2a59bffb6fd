import type { Handler } from '../handlerTypes.ts';

export const startCall: Handler<'startCall'> = ({ endpoint, calls }, data) => calls.startCall(endpoint, data);
