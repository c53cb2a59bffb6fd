import type { Handler } from '../handlerTypes.ts';

/** Also for somebody who is not in the call any more. */
export const submitSurvey: Handler<'submitSurvey'> = ({ endpoint, calls }, request) => {
  calls.submitSurvey(endpoint, request);

  return {};
};
