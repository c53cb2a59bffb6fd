import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentHelp, parseEnvironment, unknownSettings } from './environment.ts';

describe('parseEnvironment', () => {
  it('fills in the defaults, also for variables that are set and empty or blank', () => {
    expect(parseEnvironment({ PORT: ' ', PARLEY_DEMO: '' })).toMatchObject({
      PORT: 8080,
      PARLEY_LISTEN_ADDRESS: '127.0.0.1',
      PARLEY_RTC_MIN_PORT: 40_000,
      PARLEY_RTC_MAX_PORT: 40_099,
      PARLEY_AUDIT_RETENTION_DAYS: 400,
      PARLEY_CALL_RETENTION_DAYS: 400,
      PARLEY_SIGNING_KEY_DAYS: 90,
      // Long enough for clocks that differ, and no longer: whoever has one may use the TURN server (ADR 18).
      PARLEY_TURN_TTL_SECONDS: 300,
      PARLEY_LOG_LEVEL: 'warn',
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

  it.each([
    ['PORT', '0x50', 'must be a port number from 0 to 65535'],
    ['PARLEY_RTC_MIN_PORT', '0', 'must be a port number from 1 to 65535'],
    ['PARLEY_LOG_LEVEL', 'loud', 'must be trace, debug, info, warn, error or silent'],
    ['PARLEY_DEMO', 'yes', 'must be on or off'],
    ['PARLEY_ANNOUNCED_ADDRESS', 'nonsense!', 'must be an IP address or a host name'],
  ])('says of %s=%s what it must be', (name, value, sentence) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(`${name}: ${sentence}`);
  });

  it.each(['203.0.113.7', '2001:db8::7', 'media-1.calls.example'])(
    'takes %s as the address media is sent to',
    (PARLEY_ANNOUNCED_ADDRESS) => {
      expect(parseEnvironment({ PARLEY_ANNOUNCED_ADDRESS })).toMatchObject({ PARLEY_ANNOUNCED_ADDRESS });
    },
  );

  it('blames nothing else for a variable that is wrong by itself', () => {
    expect(() => parseEnvironment({ PARLEY_REDIS_URL: 'redis.example' })).toThrow(
      /usable: PARLEY_REDIS_URL: [^;]+$/,
    );
  });

  it('refuses media ports that end before they begin, or are fewer than the workers', () => {
    const ports = { PARLEY_RTC_MIN_PORT: '5000', PARLEY_RTC_MAX_PORT: '5003' };
    const fewer = /PARLEY_RTC_MAX_PORT: must leave a port for each of PARLEY_MEDIA_WORKERS/;

    expect(() => parseEnvironment({ ...ports, PARLEY_RTC_MAX_PORT: '4000' })).toThrow(
      'PARLEY_RTC_MAX_PORT: must not be below PARLEY_RTC_MIN_PORT',
    );
    expect(() => parseEnvironment({ ...ports, PARLEY_MEDIA_WORKERS: '5' })).toThrow(fewer);
    expect(() => parseEnvironment({ ...ports, PARLEY_MEDIA_WORKERS: '4' })).not.toThrow();
  });
});

describe('unknownSettings', () => {
  it('are those that no setting is called, misspelt ones above all', () => {
    expect(
      unknownSettings({
        PARLEY_TURN_URL: 'turn:turn.example',
        PARLEY_TURN_URLS: '',
        PORT: '1',
        TURN_URL: '',
      }),
    ).toEqual(['PARLEY_TURN_URL']);
  });
});

describe('parseEnvironment of NODE_ENV', () => {
  it.each(['production', 'development', 'test', ''])('knows "%s"', (value) => {
    // Whatever else is missing then: it is not this.
    const faults = (): string => {
      try {
        parseEnvironment({ NODE_ENV: value });

        return '';
      } catch (error) {
        return String(error);
      }
    };

    expect(faults()).not.toContain('NODE_ENV');
  });

  it.each(['prod', 'Production', 'staging'])(
    'refuses "%s", which would start a demo for everybody',
    (value) => {
      expect(() => parseEnvironment({ NODE_ENV: value })).toThrow(
        'NODE_ENV: must be production, development or test',
      );
    },
  );
});

describe('parseEnvironment of proxies', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.0/8, fd00::/8',
    '10.0.0.0/255.0.0.0',
    'loopback, linklocal,uniquelocal',
    ' ',
  ])('takes "%s"', (value) => {
    expect(() => parseEnvironment({ PARLEY_TRUSTED_PROXIES: value })).not.toThrow();
  });

  it.each(['proxy.internal', '10.0.0.0/33', '127.0.0.1 10.0.0.1', 'true', '300.1.1.1'])(
    'refuses "%s" and names the setting',
    (value) => {
      expect(() => parseEnvironment({ PARLEY_TRUSTED_PROXIES: value })).toThrow(
        /PARLEY_TRUSTED_PROXIES: must be addresses or subnets.*loopback/,
      );
    },
  );
});

describe('parseEnvironment of the admin address', () => {
  it.each([
    ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['off', 'off'],
  ])('takes "%s"', (PARLEY_ADMIN_ADDRESS, parsed) => {
    expect(parseEnvironment({ PARLEY_ADMIN_ADDRESS }).PARLEY_ADMIN_ADDRESS).toEqual(parsed);
  });

  it.each(['9464', 'localhost:9464', '::1:9464', '127.0.0.1:99999', '127.0.0.1'])(
    'refuses "%s"',
    (PARLEY_ADMIN_ADDRESS) => {
      expect(() => parseEnvironment({ PARLEY_ADMIN_ADDRESS })).toThrow(
        /PARLEY_ADMIN_ADDRESS: must be an address/,
      );
    },
  );
});

describe('parseEnvironment of TURN servers', () => {
  const secret = { PARLEY_TURN_SECRET: 'as-coturn-knows-it' };

  it('takes several URLs with the secret that goes with them', () => {
    const PARLEY_TURN_URLS = 'turn:turn.example:3478, turns:turn.example:443?transport=tcp';

    expect(parseEnvironment({ ...secret, PARLEY_TURN_URLS }).PARLEY_TURN_URLS).toEqual([
      'turn:turn.example:3478',
      'turns:turn.example:443?transport=tcp',
    ]);
    expect(() => parseEnvironment({ PARLEY_TURN_URLS })).toThrow(/PARLEY_TURN_SECRET: must be set beside/);
    expect(() => parseEnvironment(secret)).toThrow(/PARLEY_TURN_URLS: must be set beside/);
  });

  it.each(['https://turn.example', 'turn.example:3478', 'turn:turn.example turns:turn.example'])(
    'refuses "%s"',
    (PARLEY_TURN_URLS) => {
      expect(() => parseEnvironment({ ...secret, PARLEY_TURN_URLS })).toThrow(
        /PARLEY_TURN_URLS: must be URLs/,
      );
    },
  );
});

describe('parseEnvironment of several processes', () => {
  const node = { PARLEY_NODE_ID: 'node1', PARLEY_NODE_URL: 'https://node1.example/' };
  const PARLEY_REDIS_URL = 'rediss://parley:hunter2@redis.example';

  it('takes a Redis with an id and a URL of this process', () => {
    expect(parseEnvironment({ ...node, PARLEY_REDIS_URL })).toMatchObject({
      PARLEY_REDIS_URL,
      PARLEY_NODE_URL: 'https://node1.example',
    });
  });

  it.each(['PARLEY_NODE_ID', 'PARLEY_NODE_URL'])('misses %s beside a Redis', (name) => {
    const faulty = { ...node, PARLEY_REDIS_URL, [name]: '' };

    expect(() => parseEnvironment(faulty)).toThrow(`${name}: must be set beside PARLEY_REDIS_URL`);
  });

  it.each([
    ['PARLEY_NODE_ID', 'node1'],
    ['PARLEY_NODE_URL', 'https://node1.example'],
    ['PARLEY_REDIS_PREFIX', 'parley'],
  ])('refuses %s without a Redis, where each process would think it is alone', (name, value) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(`${name}: is for several processes`);
  });

  it.each([
    ['PARLEY_REDIS_URL', 'http://redis.example', /PARLEY_REDIS_URL: must be a URL such as/],
    ['PARLEY_REDIS_PREFIX', 'a:b', /PARLEY_REDIS_PREFIX: must be/],
    ['PARLEY_NODE_ID', '../elsewhere', /PARLEY_NODE_ID: must be/],
  ])('refuses a bad %s', (name, value, message) => {
    expect(() => parseEnvironment({ ...node, PARLEY_REDIS_URL, [name]: value })).toThrow(message);
  });
});

describe('parseEnvironment in production', () => {
  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://parley@db.example/parley',
    PARLEY_MASTER_KEY: 'A'.repeat(43),
    PARLEY_PUBLIC_URL: 'https://calls.example',
  };

  it('takes a database and a master key of the operator', () => {
    expect(parseEnvironment(production).PARLEY_MASTER_KEY).toEqual(new Uint8Array(32));
  });

  it.each([
    ['no master key', { PARLEY_MASTER_KEY: '' }, /PARLEY_MASTER_KEY: must be set in production/],
    ['no public URL', { PARLEY_PUBLIC_URL: '' }, /PARLEY_PUBLIC_URL: must be set in production/],
    [
      'a public URL where browsers give no microphone',
      { PARLEY_PUBLIC_URL: 'http://calls.example' },
      /PARLEY_PUBLIC_URL: must begin with https/,
    ],
    ['the embedded database', { DATABASE_URL: '' }, /DATABASE_URL: must be set in production/],
    ['the demo', { PARLEY_DEMO: 'on' }, /PARLEY_DEMO: must not be on in production/],
  ])('refuses %s', (_case, change, message) => {
    const variables = { ...production, ...change };

    expect(() => parseEnvironment(variables)).toThrow(message);
    expect(() => parseEnvironment({ ...variables, NODE_ENV: 'development' })).not.toThrow();
  });
});

describe('parseEnvironment in production on one machine', () => {
  it('takes http of the machine itself, as a trial before there is a proxy', () => {
    const variables = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgresql://parley@localhost/parley',
      PARLEY_MASTER_KEY: 'A'.repeat(43),
      PARLEY_PUBLIC_URL: 'http://localhost:8080',
    };

    expect(() => parseEnvironment(variables)).not.toThrow();
  });
});

describe('parseEnvironment of secrets', () => {
  it.each([
    ['PARLEY_MASTER_KEY', 'hunter2', /PARLEY_MASTER_KEY: must be 32 bytes/],
    ['PARLEY_TURN_SECRET', 'hunter2', /PARLEY_TURN_SECRET: must be at least 16/],
    ['PARLEY_OPERATOR_KEY', 'hunter2hunter2', /PARLEY_OPERATOR_KEY: must be at least 32/],
    ['PARLEY_OPERATOR_KEY', `${'hunter2'.repeat(8)} `, /PARLEY_OPERATOR_KEY: must be at least 32 visible/],
  ])('refuses a bad %s without repeating it', (name, value, message) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(message);
    expect(() => parseEnvironment({ [name]: value })).not.toThrow(/hunter2/);
  });
});

describe('environmentHelp', () => {
  it('says what every variable is for and what it is by default', () => {
    const help = environmentHelp();

    expect(help).not.toContain('undefined');
    expect(help).toContain('PARLEY_ANNOUNCED_ADDRESS');
  });

  it('points for the standards of the call settings to where they are listed', async () => {
    const [, path = '', heading] =
      /PARLEY_CALL_SETTINGS\n.*\n +Default: those of (\S+\.md), "(.+)"\n/.exec(environmentHelp()) ?? [];
    const guide = await readFile(join(import.meta.dirname, '../../..', path), 'utf8');

    expect(guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]).toContain('| `aloneTimeoutSeconds`');
  });

  it('says the defaults as they are', () => {
    expect(environmentHelp()).toMatch(/^ {2}PORT\n.*\n {6}Default: 8080$/m);
    expect(environmentHelp()).toMatch(/^ {2}PARLEY_TURN_TTL_SECONDS\n.*\n {6}Default: 300$/m);
  });

  it('knows every variable that the README names', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const help = environmentHelp();
    const named = [...readme.matchAll(/`((?:PARLEY|DATABASE)_[A-Z_]+|NODE_ENV)/g)].map(([, name]) => name);

    expect(named).toContain('PARLEY_OPERATOR_KEY');
    expect(named.filter((name) => !help.includes(`  ${name}\n`))).toEqual([]);
  });
});
