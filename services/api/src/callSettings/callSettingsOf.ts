import type { Application, Room } from '@parley/db';
import { changedCallSettingsSchema, type ChangedCallSettings } from '@parley/protocol';

/** What the application wants otherwise than the service, or the room otherwise than its application. */
export function callSettingsOf({
  callSettings,
}: Pick<Application | Room, 'callSettings'>): ChangedCallSettings {
  // Tolerant: a setting of an earlier version, or with a value that is none any more, is left out.
  const stored = Object.entries(callSettings ?? {}).filter(
    ([name, value]) => changedCallSettingsSchema.safeParse({ [name]: value }).success,
  );

  return changedCallSettingsSchema.parse(Object.fromEntries(stored));
}
