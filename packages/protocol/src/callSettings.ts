import * as z from 'zod/mini';
import { ProtocolError } from './errors.ts';
import { openArray } from './signaling/openArray.ts';
import { openEnum } from './signaling/openEnum.ts';

const wholeNumber = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

/**
 * The rules of the forwarding policy, each of which can be switched off: to measure what it is worth, or to be rid
 * of it. PROTOCOL.md says what each does.
 */
export const forwardingRules = [
  'consumeOnRender',
  'pauseHidden',
  'layerBySize',
  'priorities',
  'loudestAudio',
  'suspendEncodings',
] as const;

export type ForwardingRule = (typeof forwardingRules)[number];

const busyRules = ['ring', 'refuse'] as const;

/** How a call behaves, as far as its application decides that; who starts a call may ask for less of it. */
export const callSettingsSchema = z.object({
  /** How long a callee rings before the answer is `no_answer`. */
  ringingTimeoutSeconds: wholeNumber(5, 600),
  /** How long one may be alone in a group call before it ends; 0 ends it at once. */
  aloneTimeoutSeconds: wholeNumber(0, 86_400),
  /** How long the place of a participant is kept whose connection was lost. */
  reconnectSeconds: wholeNumber(5, 300),
  /** What becomes of a call to somebody who is in another one: it rings, or is refused with `callee_busy`. */
  whenBusy: z.enum(busyRules),
  /** Whether a direct call is over for both when one of the two has left. */
  directEndsWithEither: z.boolean(),
  /** With more participants than that only the loudest are heard. */
  everyoneHeardUpTo: wholeNumber(2, 50),
  /** How many of the loudest are heard then; the dominant speaker always is. */
  loudestHeard: wholeNumber(1, 10),
  /** Rules of the forwarding policy that are off. */
  rulesOff: z.array(z.enum(forwardingRules)).check(z.maxLength(forwardingRules.length)),
});

export type CallSettings = z.infer<typeof callSettingsSchema>;

/** As clients are told them: the bounds are the server's, and may be wider in a newer one. */
export const toldCallSettingsSchema = z.object({
  ringingTimeoutSeconds: z.number(),
  aloneTimeoutSeconds: z.number(),
  reconnectSeconds: z.number(),
  whenBusy: openEnum(busyRules, 'ring'),
  directEndsWithEither: z.boolean(),
  everyoneHeardUpTo: z.number(),
  loudestHeard: z.number(),
  rulesOff: openArray(z.enum(forwardingRules)),
});

export const changedCallSettingsSchema = z.partial(callSettingsSchema);

export type ChangedCallSettings = z.infer<typeof changedCallSettingsSchema>;

export const standardCallSettings: CallSettings = {
  ringingTimeoutSeconds: 60,
  aloneTimeoutSeconds: 60,
  reconnectSeconds: 30,
  whenBusy: 'ring',
  directEndsWithEither: true,
  everyoneHeardUpTo: 8,
  loudestHeard: 3,
  rulesOff: [],
};

/** Settings of which the later ones go first: those of the node, then of the application, then of the room. */
export function callSettingsWith(...changes: readonly (ChangedCallSettings | undefined)[]): CallSettings {
  return Object.assign({ ...standardCallSettings }, ...changes) as CallSettings;
}

/** What costs the node or the callees more, the more of it there is. */
const counts = [
  'ringingTimeoutSeconds',
  'aloneTimeoutSeconds',
  'reconnectSeconds',
  'everyoneHeardUpTo',
  'loudestHeard',
] as const;

/**
 * Those of one call, started with some changed by its caller, who may be anybody: of times and counts they may ask for
 * less than they are allowed, and for the busy not to be rung. Throws `forbidden` for what the application alone may set.
 */
export function callSettingsOfCaller(allowed: CallSettings, asked: ChangedCallSettings = {}): CallSettings {
  const excess = counts.find((name) => (asked[name] ?? 0) > allowed[name]);
  if (excess !== undefined) {
    throw reserved(excess, `and allows ${allowed[excess]} at most`);
  }
  if (asked.whenBusy === 'ring' && allowed.whenBusy === 'refuse') {
    throw reserved('whenBusy', 'and has the busy not rung');
  }
  if (asked.rulesOff !== undefined) {
    throw reserved('rulesOff', 'and nobody who calls');
  }

  return callSettingsWith(allowed, asked);
}

function reserved(name: keyof CallSettings, how: string): ProtocolError {
  return new ProtocolError('forbidden', `The application sets ${name}, ${how}.`);
}
