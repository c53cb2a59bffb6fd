import { describe, expect, it } from 'vitest';
import { environmentHelp, parseEnvironment } from './environment.ts';

describe('parseEnvironment', () => {
  it('fills in the defaults, also for variables that are set and empty', () => {
    expect(parseEnvironment({ PORT: '', PARLEY_DEMO: '' })).toMatchObject({
      PORT: 8080,
      PARLEY_LISTEN_ADDRESS: '127.0.0.1',
      PARLEY_RTC_MIN_PORT: 40_000,
    });
  });

  it('takes the trailing slash off the public URL', () => {
    expect(parseEnvironment({ PARLEY_PUBLIC_URL: 'https://calls.example/' }).PARLEY_PUBLIC_URL).toBe(
      'https://calls.example',
    );
  });

  it('names every wrong variable in one message', () => {
    expect(() => parseEnvironment({ PORT: 'eighty', DATABASE_URL: 'mysql://localhost/parley' })).toThrow(
      /PORT: .*DATABASE_URL: must be a URL such as postgresql:/,
    );
  });

  it('refuses a media port range that ends before it begins', () => {
    expect(() => parseEnvironment({ PARLEY_RTC_MIN_PORT: '5000', PARLEY_RTC_MAX_PORT: '4000' })).toThrow(
      'PARLEY_RTC_MAX_PORT: must not be below PARLEY_RTC_MIN_PORT',
    );
  });
});

describe('environmentHelp', () => {
  it('says what every variable is for and what it is by default', () => {
    const help = environmentHelp();

    expect(help).not.toContain('undefined');
    expect(help.match(/Default: /g)?.length).toBe(15);
    expect(help).toContain('PARLEY_ANNOUNCED_ADDRESS');
  });
});
