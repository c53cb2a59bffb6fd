import type { Handler } from '../handlerTypes.ts';
import { orRedirect } from './orRedirect.ts';

export const joinCall: Handler<'joinCall'> = ({ endpoint, calls }, data) =>
  orRedirect(() => calls.joinCall(endpoint, data));
