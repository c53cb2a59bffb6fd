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
  readonly line: string;
  readonly who: string;
  readonly sign: string;
  readonly number: number | undefined;
  /** Of the notification or the request; an answer is to the one before it of the same client. */
  readonly name: string;
  readonly data: unknown;
}

/** A line that begins with a space goes on with the one before it. */
function linesOf(session: string): Line[] {
  const asked = new Map<string, string>();

  return session
    .trimEnd()
    .split(/\n(?! )/)
    .map((line) => {
      const [, who = '', sign = '', number, named = '', json = 'null'] =
        /^(\w+) ([→✓✗←⇒]) (?:(\d+) )?(\w*) ?(\{[^]*\})$/.exec(line) ?? [];
      const name = sign === '✓' ? (asked.get(who) ?? '') : named;
      if (sign === '→') {
        asked.set(who, name);
      }

      return {
        line: line.slice(0, 60),
        who,
        sign,
        name,
        number: number === undefined ? undefined : Number(number),
        data: writeOut(JSON.parse(json)),
      };
    });
}

/** The line as its receiver reads it: without what the schema does not know. */
function read({ sign, name, number, data }: Line): unknown {
  switch (sign) {
    case '⇒':
      return connectAuthSchema.parse(data);
    case '→':
      return requestTable[name as RequestName].data.parse(data);
    case '✓':
      return requestTable[name as RequestName].answer.parse(data);
    case '✗':
      return toWireError(new ProtocolError((data as { code: ErrorCode }).code));
    case '←': {
      const isNumbered = isCallNotification({ name } as Notification);
      if (isNumbered !== (number !== undefined)) {
        throw new Error(`${name} is ${isNumbered ? '' : 'not '}numbered.`);
      }

      return notificationTable[name as NotificationName].parse(data);
    }
    default:
      throw new Error('There is no such line.');
  }
}

describe.for(blocks('session').map((session, index) => [index, linesOf(session)] as const))(
  'sample session %i of PROTOCOL.md',
  ([, lines]) => {
    it.each(lines)('$line', (line) => {
      expect(read(line)).toEqual(line.data);
    });
  },
);

it('the settings in the sample sessions are the standard ones', () => {
  expect(callSettingsSchema.parse(writeOut('$settings'))).toEqual(standardCallSettings);
});
