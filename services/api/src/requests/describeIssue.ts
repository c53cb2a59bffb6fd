import type * as z from 'zod';

/**
 * What zod found wrong, in words that go behind the name of the field; undefined leaves it to zod. A schema that says
 * it itself is not asked here.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) {
    return 'is missing';
  }
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames.get(issue.expected) ?? issue.expected}`;
    case 'too_small':
      return `must ${measured(issue.origin, 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${measured(issue.origin, 'at most', Number(issue.maximum))}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.join(', ')}`;
    case 'invalid_format':
      return formatNames.get(issue.format);
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join(', ');
    default:
      return undefined;
  }
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'an array'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

const formatNames: ReadonlyMap<string, string> = new Map([
  ['email', 'must be an e-mail address'],
  ['datetime', 'must be a date and time such as 2026-01-31T09:00:00Z'],
]);

function measured(origin: string, bound: string, count: number): string {
  switch (origin) {
    case 'string':
      return `have ${bound} ${count} ${count === 1 ? 'character' : 'characters'}`;
    case 'array':
      return `have ${bound} ${count} ${count === 1 ? 'item' : 'items'}`;
    default:
      return `be ${bound} ${count}`;
  }
}
