import * as roles from '../../calls/features/changeRole.ts';
import type { Handler } from '../handlerTypes.ts';

export const changeRole: Handler<'changeRole'> = ({ endpoint, calls }, { callId, ...change }) => {
  roles.changeRole(calls.participation(endpoint, callId), change);

  return {};
};
