import { describe, expect, it } from 'vitest';
import {
  callSettingsSchema,
  callSettingsWith,
  changedCallSettingsSchema,
  forwardingRules,
  standardCallSettings,
} from './callSettings.ts';

describe('call settings', () => {
  it('are those of the call first, then of the application, then of the node, then the standard', () => {
    const node = { ringingTimeoutSeconds: 20, reconnectSeconds: 40, loudestHeard: 5 };
    const application = { ringingTimeoutSeconds: 30, reconnectSeconds: 50 };

    expect(callSettingsWith(node, application, { ringingTimeoutSeconds: 45 }, undefined)).toEqual({
      ...standardCallSettings,
      loudestHeard: 5,
      reconnectSeconds: 50,
      ringingTimeoutSeconds: 45,
    });
  });

  it('have a standard that is allowed', () => {
    expect(callSettingsSchema.parse(standardCallSettings)).toEqual(standardCallSettings);
  });

  it('are changed one by one, within their bounds', () => {
    expect(changedCallSettingsSchema.parse({})).toEqual({});
    expect(changedCallSettingsSchema.safeParse({ rulesOff: [...forwardingRules] }).success).toBe(true);

    for (const changed of [
      { ringingTimeoutSeconds: 4 },
      { reconnectSeconds: 301 },
      { aloneTimeoutSeconds: -1 },
      { loudestHeard: 0 },
      { whenBusy: 'shout' },
      { rulesOff: ['encryption'] },
    ]) {
      expect([changed, changedCallSettingsSchema.safeParse(changed).success]).toEqual([changed, false]);
    }
  });
});
