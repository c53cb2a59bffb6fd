import type { Handler } from '../operations/handlerTypes.ts';
import { findUser } from './findUser.ts';
import { toUserAnswer } from './userAnswer.ts';

export const getUser: Handler<'getUser'> = async ({ database, applicationId, params }) =>
  toUserAnswer(await findUser(database, applicationId, params.userId));
