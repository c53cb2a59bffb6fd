import type { Handler } from '../operations/handlerTypes.ts';
import { toApplicationAnswer } from './applicationAnswer.ts';
import { requireApplication } from './requireApplication.ts';

export const getApplication: Handler<'getApplication'> = async ({ database, applicationId }) =>
  toApplicationAnswer(await requireApplication(database, applicationId));
