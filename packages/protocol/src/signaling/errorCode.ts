import * as z from 'zod/mini';
import { errorCodes } from '../errors.ts';

/** Only clients parse it. A code that a newer server has and this version does not know is still an error. */
export const errorCodeSchema = z.catch(z.enum(errorCodes), 'internal');
