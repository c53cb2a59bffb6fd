import { expect, it } from 'vitest';
import { utils } from './index.ts';

it.each([
  ['+15551234567', '+15551234567'],
  [' +1 (555) 123-4567 ', '+15551234567'],
  ['+1.555.123.4567', '+15551234567'],
  ['0049 [30] 12 34/56', '+4930123456'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['+1 555–123‑4567', '+15551234567'],
])('a telephone number typed as "%s" is %s', (text, number) => {
  expect(utils.normalizePhoneNumber(text)).toBe(number);
});

it.each([
  '',
  '+',
  '5551234567',
  '030 123456',
  '+0301234567',
  '+1555123456789012',
  '+1555CALLNOW',
  '++1555',
  undefined,
  15_551_234_567,
  null,
])('what cannot be a telephone number, such as %s, is a TypeError', (text) => {
  expect(() => utils.normalizePhoneNumber(text as string)).toThrow(TypeError);
});
