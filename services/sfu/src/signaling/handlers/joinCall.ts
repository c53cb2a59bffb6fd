import { orRedirect } from '../../calls/orRedirect.ts';
import type { Handler } from '../handlerTypes.ts';

export const joinCall: Handler<'joinCall'> = ({ endpoint, calls }, data) =>
  orRedirect(() => calls.joinCall(endpoint, data));
