import type { Handler } from '../operations/handlerTypes.ts';
import { signingKeyAnswer } from './signingKeyAnswer.ts';

export const rotateSigningKey: Handler<'rotateSigningKey'> = async ({ context, database }) =>
  signingKeyAnswer(await context.signingKeys.rotate(database));
