import { describe, expect, it } from 'vitest';
import {
  callSettingsOfCaller,
  callSettingsSchema,
  callSettingsWith,
  changedCallSettingsSchema,
  forwardingRules,
  standardCallSettings,
  type CallSettings,
  type ChangedCallSettings,
} from './callSettings.ts';

describe('call settings', () => {
  it('are those of the room first, then of the application, then of the node, then the standard', () => {
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

describe('the settings that a caller asks for', () => {
  const allowed: CallSettings = {
    ...standardCallSettings,
    ringingTimeoutSeconds: 40,
    aloneTimeoutSeconds: 50,
    reconnectSeconds: 60,
    everyoneHeardUpTo: 6,
    loudestHeard: 2,
    rulesOff: ['priorities'],
  };
  const refuse: CallSettings = { ...allowed, whenBusy: 'refuse' };

  it.each<[ChangedCallSettings, CallSettings]>([
    [{}, allowed],
    [{ ringingTimeoutSeconds: 40 }, allowed],
    [{ ringingTimeoutSeconds: 39 }, allowed],
    [{ aloneTimeoutSeconds: 0 }, allowed],
    [{ reconnectSeconds: 5 }, allowed],
    [{ everyoneHeardUpTo: 2, loudestHeard: 1 }, allowed],
    [{ whenBusy: 'refuse' }, allowed],
    [{ whenBusy: 'ring' }, allowed],
    [{ whenBusy: 'refuse' }, refuse],
    [{ directEndsWithEither: false }, allowed],
    [{ directEndsWithEither: true }, { ...allowed, directEndsWithEither: false }],
  ])('are taken when they are no more than the application allows: %o', (asked, within) => {
    expect(callSettingsOfCaller(within, asked)).toEqual({ ...within, ...asked });
  });

  it.each<[keyof CallSettings, ChangedCallSettings, CallSettings]>([
    ['ringingTimeoutSeconds', { ringingTimeoutSeconds: 41 }, allowed],
    ['aloneTimeoutSeconds', { aloneTimeoutSeconds: 51 }, allowed],
    ['aloneTimeoutSeconds', { aloneTimeoutSeconds: 1 }, { ...allowed, aloneTimeoutSeconds: 0 }],
    ['reconnectSeconds', { reconnectSeconds: 61 }, allowed],
    ['everyoneHeardUpTo', { everyoneHeardUpTo: 7 }, allowed],
    ['loudestHeard', { ringingTimeoutSeconds: 5, loudestHeard: 3 }, allowed],
    ['whenBusy', { whenBusy: 'ring' }, refuse],
    ['rulesOff', { rulesOff: ['loudestAudio'] }, allowed],
    ['rulesOff', { rulesOff: ['priorities'] }, allowed],
    ['rulesOff', { rulesOff: [] }, allowed],
  ])('are refused by the name of the setting when they are more: %s of %o', (name, asked, within) => {
    const message = expect.stringContaining(`The application sets ${name},`) as string;

    expect(() => callSettingsOfCaller(within, asked)).toThrow(
      expect.objectContaining({ code: 'forbidden', message }),
    );
  });
});
