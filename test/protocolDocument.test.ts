import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  callSettingsSchema,
  connectAuthSchema,
  endReasonNames,
  errorCodes,
  forwardingRules,
  isCallNotification,
  limitTable,
  notificationTable,
  protocolVersion,
  requestNames,
  requestTable,
  standardCallSettings,
  toWireError,
  ProtocolError,
  type ErrorCode,
  type Notification,
  type NotificationName,
  type RequestName,
} from '@parley/protocol';
import { describe, expect, it } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../packages/protocol/PROTOCOL.md'), 'utf8');

/** The text below a heading, as far as the next of the same rank. */
function section(heading: string): string {
  const [, rest = ''] = text.split(`\n## ${heading}\n`);

  return rest.split('\n## ')[0] ?? '';
}

const rowsOf = (heading: string): string[] =>
  [...section(heading).matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name),
  );

describe('PROTOCOL.md', () => {
  it('explains every request and no other', () => {
    expect(rowsOf('Requests').toSorted()).toEqual([...requestNames].toSorted());
  });

  it('explains every notification and no other', () => {
    expect(rowsOf('Notifications').toSorted()).toEqual(Object.keys(notificationTable).toSorted());
  });

  it('has a row for every end reason, call setting and forwarding rule', () => {
    expect(rowsOf('End reasons').toSorted()).toEqual([...endReasonNames].toSorted());
    expect(rowsOf('Call settings')).toEqual(Object.keys(standardCallSettings));
    expect(rowsOf('Media in a call')).toEqual([...forwardingRules]);
  });

  it('names no error code that there is not', () => {
    const named = [...rowsOf('Error codes'), ...rowsOf('Connecting'), ...rowsOf('Entering a call')];

    expect(named.filter((code) => code.includes('_') && !errorCodes.includes(code as ErrorCode))).toEqual([]);
    expect(rowsOf('Error codes').filter((code) => !errorCodes.includes(code as ErrorCode))).toEqual([]);
  });

  it('says the limits and settings as they are', () => {
    const limits = section('Limits');
    for (const name of [
      'signalingRequestsPerSecond',
      'connectionsPerUser',
      'callsPerDevice',
      'participantsPerCall',
    ] as const) {
      expect(limits).toMatch(new RegExp(`\\| ${limitTable[name].standard} [^|]*\`${name}\``));
    }
    for (const [name, value] of Object.entries(standardCallSettings)) {
      const said = Array.isArray(value) ? 'none' : `${value}`;
      expect(section('Call settings')).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`?${said}\`? +\\|`, 'm'));
    }
  });

  it('has the present version in its title and its history', () => {
    const version = protocolVersion.replace('.', '\\.');

    expect(text).toMatch(new RegExp(`^# The Parley signaling protocol, version ${version}$`, 'm'));
    expect(text).toMatch(new RegExp(`^\\| ${version} `, 'm'));
  });
});

const blocks = (kind: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'gm'))].map(([, body = '']) => body);

const shorthands = JSON.parse(blocks('json shorthands')[0] ?? '{}') as Record<string, unknown>;

/** Writes out what the document has abbreviated. */
function writeOut(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('$')) {
    expect(Object.keys(shorthands)).toContain(value);

    return writeOut(shorthands[value]);
  }
  if (Array.isArray(value)) {
    return value.map(writeOut);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { '...': rest, ...own } = value as Record<string, unknown>;
  const fields = Object.entries(own).map(([name, field]) => [name, writeOut(field)] as const);

  return { ...(writeOut(rest) as object | undefined), ...Object.fromEntries(fields) };
}

interface Line {
  readonly who: string;
  readonly sign: string;
  readonly number: number | undefined;
  readonly name: string;
  readonly data: unknown;
}

/** A line that begins with a space goes on with the one before it. */
function linesOf(session: string): Line[] {
  return session
    .trimEnd()
    .split(/\n(?! )/)
    .map((line) => {
      const parts = /^(\w+) ([→✓✗←⇒]) (?:(\d+) )?(\w*) ?(\{[^]*\})$/.exec(line);
      expect(parts, line).not.toBeNull();
      const [, who = '', sign = '', number, name = '', json = ''] = parts ?? [];

      return {
        who,
        sign,
        number: number === undefined ? undefined : Number(number),
        name,
        data: writeOut(JSON.parse(json)),
      };
    });
}

describe.for(blocks('session').map((session, index) => [index, linesOf(session)] as const))(
  'sample session %i of PROTOCOL.md',
  ([, lines]) => {
    /** What each has asked and was not answered yet. */
    const asked = new Map<string, RequestName>();

    it.each(lines)('$who $sign $name', ({ who, sign, number, name, data }) => {
      switch (sign) {
        case '⇒':
          expect(connectAuthSchema.parse(data)).toEqual(data);
          break;
        case '→':
          expect(requestNames).toContain(name);
          asked.set(who, name as RequestName);
          expect(requestTable[name as RequestName].data.parse(data)).toEqual(data);
          break;
        case '✓': {
          const request = asked.get(who);
          expect(request).toBeDefined();
          expect(request && requestTable[request].answer.parse(data)).toEqual(data);
          break;
        }
        case '✗': {
          const { code } = data as { code: ErrorCode };
          expect(toWireError(new ProtocolError(code))).toEqual(data);
          break;
        }
        default:
          expect(Object.keys(notificationTable)).toContain(name);
          expect(notificationTable[name as NotificationName].parse(data)).toEqual(data);
          expect(isCallNotification({ name } as Notification)).toBe(number !== undefined);
      }
    });
  },
);

it('the settings in the sample sessions are the standard ones', () => {
  expect(callSettingsSchema.parse(writeOut('$settings'))).toEqual(standardCallSettings);
});
