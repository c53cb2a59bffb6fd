import { phoneNumberSchema } from '@parley/protocol';

/**
 * The international form (E.164) of a telephone number as people type it: with spaces, dots, slashes, brackets and hyphens,
 * and `00` for the plus sign. The zero in `+44 (0)20` is dropped.
 *
 * @example
 * client.call([utils.normalizePhoneNumber('+1 (555) 123-4567')]); // '+15551234567'
 * @throws TypeError for what cannot be one, such as a number without its country.
 */
function normalizePhoneNumber(text: string): string {
  const digits = (typeof text === 'string' ? text : '')
    .replace('(0)', '')
    .replaceAll(/[\s()[\]./\p{Pd}]/gu, '')
    .replace(/^00/, '+');
  const number = phoneNumberSchema.safeParse(digits);
  if (!number.success) {
    throw new TypeError('A telephone number begins with its country, as +15551234567 does.');
  }

  return number.data;
}

/** What helps with the arguments of the SDK. */
export const utils = { normalizePhoneNumber } as const;
