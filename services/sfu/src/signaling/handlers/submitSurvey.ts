import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../handlerTypes.ts';

export const submitSurvey: Handler<'submitSurvey'> = () => {
  throw new ProtocolError('not_supported');
};
