import { InvalidRequestError } from '../requests/parse.ts';

const defaultLifetimeMs = 180 * 24 * 60 * 60 * 1000;

/** From when until when a room admits people. */
export interface RoomWindow {
  readonly validFrom: Date;
  readonly validUntil: Date;
}

/** The window with what was left out filled in: from now on, for 180 days. */
export function roomWindow(
  asked: { validFrom?: Date | string | undefined; validUntil?: Date | string | undefined },
  nowMs: number,
): RoomWindow {
  const validFrom = new Date(asked.validFrom ?? nowMs);
  const validUntil = new Date(asked.validUntil ?? validFrom.getTime() + defaultLifetimeMs);
  if (validUntil.getTime() <= validFrom.getTime()) {
    throw new InvalidRequestError([{ pointer: '/validUntil', detail: 'must be after validFrom' }]);
  }

  return { validFrom, validUntil };
}
