import type { Demo } from '@parley/api';
import { describe, expect, it } from 'vitest';
import { announcement } from './announcement.ts';
import { parseEnvironment } from './environment.ts';
import type { Platform } from './startPlatform.ts';

const platform: Platform = {
  publicUrl: 'http://localhost:8080',
  adminUrl: undefined,
  demo: undefined,
  demoFile: '/srv/parley/demo.json',
  hasOperatorKey: false,
  hasApplications: false,
  close: async () => {},
};
const text = (changes: Partial<Platform>, variables: Record<string, string> = {}) =>
  announcement({ ...platform, ...changes }, parseEnvironment(variables));

describe('announcement', () => {
  it('says how the first application is made, as far as it can be', () => {
    expect(text({ hasOperatorKey: true })).toMatch(
      /curl -X POST http:\/\/localhost:8080\/v1\/applications[^]*"allowedOrigins": \[/,
    );
    expect(text({})).toMatch(/no application yet[^]*Start with a PARLEY_OPERATOR_KEY/);
    expect(text({})).not.toContain('curl');
    expect(text({ hasApplications: true })).not.toContain('no application');
  });

  it('says that other machines get no media where they would get the page', () => {
    const lack = 'PARLEY_ANNOUNCED_ADDRESS';

    expect(text({}, { PARLEY_LISTEN_ADDRESS: '0.0.0.0' })).toContain(lack);
    expect(text({ publicUrl: 'https://calls.example' })).toContain(lack);
    expect(text({ publicUrl: 'https://calls.example' }, { [lack]: '203.0.113.7' })).not.toContain(lack);
    expect(text({}, { PARLEY_LISTEN_ADDRESS: '::1' })).not.toContain(lack);
    expect(text({})).not.toContain(lack);
  });

  it('says where the metrics are, when they are anywhere', () => {
    expect(text({ adminUrl: 'http://127.0.0.1:9464' })).toContain('http://127.0.0.1:9464/metrics');
    expect(text({})).not.toContain('metrics');
  });

  it('says where the demo is kept, which need not be in the checkout', () => {
    const demo: Demo = {
      url: 'http://localhost:8080',
      applicationId: 'demo',
      publicKey: 'pk_1',
      privateKey: 'key_1',
      secret: 'sk_1',
      users: [],
      room: { id: 'room', guestLink: 'http://localhost:8080/join#code' },
    };

    expect(text({ demo })).toContain('The same in /srv/parley/demo.json, and the operator key');
  });

  it('never shows the operator key', () => {
    const operatorKey = 'the-operators-own-key-of-32-and-more';

    expect(text({ hasOperatorKey: true }, { PARLEY_OPERATOR_KEY: operatorKey })).not.toContain(operatorKey);
  });
});
