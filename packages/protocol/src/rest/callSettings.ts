import * as z from 'zod';
import { callSettingsSchema, type CallSettings } from '../callSettings.ts';

const { shape } = callSettingsSchema;

/** What the documentation says of each setting. */
const meanings: Readonly<Record<keyof CallSettings, string>> = {
  ringingTimeoutSeconds: 'How long a callee rings before the answer is `no_answer`.',
  aloneTimeoutSeconds: 'How long one may be alone in a group call before it ends; 0 ends it at once.',
  reconnectSeconds: 'How long the place of a participant is kept whose connection was lost.',
  whenBusy: 'What becomes of a call to somebody who is in another one.',
  directEndsWithEither: 'Whether a direct call is over for both when one of the two has left.',
  everyoneHeardUpTo: 'With more participants than that only the loudest are heard.',
  loudestHeard: 'How many of the loudest are heard then; the dominant speaker always is.',
  rulesOff: 'Rules of the forwarding policy that are off.',
};

/** Those that an application wants otherwise than the service; the schemas are those of signaling. */
export const changedCallSettings = z.strictObject({
  ringingTimeoutSeconds: z.optional(shape.ringingTimeoutSeconds).describe(meanings.ringingTimeoutSeconds),
  aloneTimeoutSeconds: z.optional(shape.aloneTimeoutSeconds).describe(meanings.aloneTimeoutSeconds),
  reconnectSeconds: z.optional(shape.reconnectSeconds).describe(meanings.reconnectSeconds),
  whenBusy: z.optional(shape.whenBusy).describe(meanings.whenBusy),
  directEndsWithEither: z.optional(shape.directEndsWithEither).describe(meanings.directEndsWithEither),
  everyoneHeardUpTo: z.optional(shape.everyoneHeardUpTo).describe(meanings.everyoneHeardUpTo),
  loudestHeard: z.optional(shape.loudestHeard).describe(meanings.loudestHeard),
  rulesOff: z.optional(shape.rulesOff).describe(meanings.rulesOff),
});

/** Of a merge patch: null gives a setting the service's own value again. */
export const patchedCallSettings = z.strictObject({
  ringingTimeoutSeconds: z.optional(z.nullable(shape.ringingTimeoutSeconds)),
  aloneTimeoutSeconds: z.optional(z.nullable(shape.aloneTimeoutSeconds)),
  reconnectSeconds: z.optional(z.nullable(shape.reconnectSeconds)),
  whenBusy: z.optional(z.nullable(shape.whenBusy)),
  directEndsWithEither: z.optional(z.nullable(shape.directEndsWithEither)),
  everyoneHeardUpTo: z.optional(z.nullable(shape.everyoneHeardUpTo)),
  loudestHeard: z.optional(z.nullable(shape.loudestHeard)),
  rulesOff: z.optional(z.nullable(shape.rulesOff)),
});
