import type { Handler } from '../operations/handlerTypes.ts';
import { signingKeyAnswer } from './signingKeyAnswer.ts';

export const rotateSigningKey: Handler<'rotateSigningKey'> = async ({
  context: { signingKeys },
  database,
  afterwards,
}) => {
  const key = await signingKeys.rotate(database);
  afterwards(() => signingKeys.refresh());

  return signingKeyAnswer(key);
};
