import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';
import * as z from 'zod';

/** What `--help` says of a variable. */
interface Help {
  /** The default as a reader understands it. */
  standard: string;
  description: string;
}

export const help = (standard: string, description: string): Help & Record<string, unknown> => ({
  standard,
  description,
});

/** A setting whose default the help says as it is. */
export const withDefault = <Value extends string | number>(
  schema: z.ZodType<Value, string>,
  standard: z.core.util.NoUndefined<Value>,
  description: string,
) => schema.default(standard).meta(help(String(standard), description));

/** What a value must be that says nothing of that itself. */
export const sentenceOf: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
};

export const text = z.string().min(1);

/** Within bounds, with one sentence for whatever else is given. Digits alone: `Number` takes a blank for zero. */
export const wholeNumber = (least: number, most: number, kind = 'whole') => {
  const error = `must be a ${kind} number from ${least} to ${most}`;

  return z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(least, error).max(most, error));
};

export const port = (least: number) => wholeNumber(least, 65_535, 'port');

/** A URL of the web, without a slash at its end. */
export const webUrl = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be a URL such as ${example}` })
    .transform((url) => url.replace(/\/+$/, ''));

/** What is parsed from the text, or the sentence when nothing can be. */
export const parsedBy = <Parsed>(parse: (text: string) => Parsed | undefined, sentence: string) =>
  z.string().transform((given, context) => {
    const parsed = parse(given);
    if (parsed === undefined) {
      context.addIssue(sentence);

      return z.NEVER;
    }

    return parsed;
  });

/** JSON that the schema knows what to do with. */
export const json = <Schema extends z.ZodType>(schema: Schema, example: string) =>
  z
    .string()
    .transform((given, context): unknown => {
      try {
        return JSON.parse(given);
      } catch {
        context.addIssue(`must be JSON such as ${example}`);

        return z.NEVER;
      }
    })
    .pipe(schema);

/** Of what is separated by commas. */
export const list = (isEntry: (entry: string) => boolean, sentence: string) =>
  z
    .string()
    .transform((entries) => entries.split(',').flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.every(isEntry), sentence);

/** Whether Express, and the sfu with it, can tell which clients' requests it passes on. */
export function isProxy(entry: string): boolean {
  try {
    proxyAddr.compile(entry);

    return true;
  } catch {
    return false;
  }
}

/** An IP address, or a host name as RFC 1123 has them. */
export function isHost(host: string): boolean {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

  return isIP(host) !== 0 || (host.length <= 253 && new RegExp(`^${label}(\\.${label})*$`, 'i').test(host));
}
