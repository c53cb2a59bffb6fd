import { errorCodes } from '../errors.ts';
import { openEnum } from './openEnum.ts';

export const errorCodeSchema = openEnum(errorCodes, 'internal');
