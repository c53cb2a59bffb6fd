import { orRedirect } from '../../calls/orRedirect.ts';
import type { Handler } from '../handlerTypes.ts';

export const startCall: Handler<'startCall'> = ({ endpoint, calls }, data) =>
  orRedirect(() => calls.startCall(endpoint, data));
