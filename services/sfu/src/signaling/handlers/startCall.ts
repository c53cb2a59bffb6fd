import type { Handler } from '../handlerTypes.ts';
import { orRedirect } from './orRedirect.ts';

export const startCall: Handler<'startCall'> = ({ endpoint, calls }, data) =>
  orRedirect(() => calls.startCall(endpoint, data));
