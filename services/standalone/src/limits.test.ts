import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { maxRequestBytes, requestNames } from '@parley/protocol';
import { standardCallLimits } from '../../sfu/src/calls/callLimits.ts';
import { defaultAnonymousSocketsPerAddress, defaultHandshakeSeconds } from '../../sfu/src/config.ts';
import { standardMediaLimits } from '../../sfu/src/media/mediaLimits.ts';
import { standardRequestCosts } from '../../sfu/src/signaling/requestCosts.ts';
import { standardLoadLimits } from '../../sfu/src/workers/loadLimits.ts';
import { parseEnvironment } from './environment.ts';
import { limitsOfSfu, limitsSchema } from './limits.ts';

interface Json {
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Json>>;
}

/** What a node does unless it is told otherwise. */
const standards = {
  media: standardMediaLimits,
  calls: standardCallLimits,
  signaling: {
    requestBytes: maxRequestBytes,
    anonymousSocketsPerAddress: defaultAnonymousSocketsPerAddress,
    handshakeSeconds: defaultHandshakeSeconds,
  },
  load: standardLoadLimits,
};

/** Path, standard, bounds and description of every limit, as the guide has them. */
function rows({ properties, minimum, maximum, description }: Json, standard: unknown, path = ''): string[][] {
  if (path === 'signaling.requestCosts') {
    const [cost] = Object.values(properties ?? {});

    return [
      [
        `\`${path}\``,
        'below',
        ...[cost?.minimum, cost?.maximum].map(String),
        'units of a request, by its name',
      ],
    ];
  }

  return properties === undefined
    ? [[`\`${path}\``, ...[standard, minimum, maximum, description].map(String)]]
    : Object.entries(properties).flatMap(([name, schema]) =>
        rows(schema, (standard as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`),
      );
}

describe('the limits of a node', () => {
  it('are those that the guide lists, with the standards that the sfu has', async () => {
    const guide = await readFile(join(import.meta.dirname, '../../../docs/guides/limits.md'), 'utf8');
    const listed = guide
      .split('\n')
      .filter((line) => /^\| `(?!\w+`)/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

    expect(listed).toEqual(rows(z.toJSONSchema(limitsSchema) as Json, standards));
  });

  it('have a cost for every request, which the guide lists', async () => {
    const guide = await readFile(join(import.meta.dirname, '../../../docs/guides/limits.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)].flatMap(([, cost, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']): [string, number] => [name, Number(cost)]),
    );

    expect(Object.fromEntries(listed)).toEqual(standardRequestCosts);
    expect(listed).toHaveLength(requestNames.length);
    expect(Object.keys(limitsSchema.shape.signaling.unwrap().shape.requestCosts.unwrap().shape)).toEqual(
      requestNames,
    );
  });

  it('reach the sfu, and leave what is not named as it is', () => {
    const given = {
      media: { consumers: 5, data: { messagesPerSecond: 2 } },
      calls: { waiting: 3, joinsPerSecond: 4 },
      signaling: { requestBytes: 20_000, requestCosts: { sendChat: 5 } },
      load: { noJoinAbove: 0.95 },
    };
    const { PARLEY_LIMITS } = parseEnvironment({ PARLEY_LIMITS: JSON.stringify(given) });

    expect(limitsOfSfu(PARLEY_LIMITS)).toEqual({
      mediaLimits: { consumers: 5, data: { messagesPerSecond: 2 } },
      callLimits: { waiting: 3, joinsPerSecond: 4 },
      requestBytes: 20_000,
      requestCosts: { sendChat: 5 },
      loadLimits: { noJoinAbove: 0.95 },
    });
  });

  it.each([
    ['{', 'PARLEY_LIMITS: must be JSON such as'],
    ['[]', 'PARLEY_LIMITS: must be an object'],
    ['{"media":{"consumer":5}}', 'PARLEY_LIMITS.media: has no consumer, only consumers, encodings'],
    ['{"media":{"consumers":0}}', 'PARLEY_LIMITS.media.consumers: must be a whole number from 1 to 10000'],
    ['{"load":{"noJoinAbove":90}}', 'PARLEY_LIMITS.load.noJoinAbove: must be a number from 0.01 to 1'],
  ])('refuse %s, and say where and why', (PARLEY_LIMITS, sentence) => {
    expect(() => parseEnvironment({ PARLEY_LIMITS })).toThrow(sentence);
  });
});

describe('what is done about load', () => {
  const parse = (load: object) => parseEnvironment({ PARLEY_LIMITS: JSON.stringify({ load }) });

  it.each([
    [
      { noJoinAbove: 0.01 },
      'must not put load.noJoinAbove below load.noNewVideoAbove, which are 0.9 and 0.85',
    ],
    [{ relieveAbove: 0.8 }, 'must not put load.fewerVideosAbove below load.relieveAbove'],
    [{ fewerVideosAbove: 0.5, relieveAbove: 0.4, noNewVideoAbove: 0.45 }, 'below load.fewerVideosAbove'],
  ])('is refused in a wrong order, beside the standards too: %j', (load, sentence) => {
    expect(() => parse(load)).toThrow(`PARLEY_LIMITS: must not put`);
    expect(() => parse(load)).toThrow(sentence);
  });

  it('may all begin lower, or at once', () => {
    const all = (at: number) => ({
      relieveAbove: at,
      fewerVideosAbove: at,
      noNewVideoAbove: at,
      noJoinAbove: at,
    });

    expect(() => parse(all(0.3))).not.toThrow();
    expect(() => parse({ ...all(0.3), noJoinAbove: 1 })).not.toThrow();
  });
});

describe('the call settings of a node', () => {
  it('are those of the protocol, and no others', () => {
    expect(
      parseEnvironment({ PARLEY_CALL_SETTINGS: '{"aloneTimeoutSeconds":300}' }).PARLEY_CALL_SETTINGS,
    ).toEqual({ aloneTimeoutSeconds: 300 });
    expect(() => parseEnvironment({ PARLEY_CALL_SETTINGS: '{"reconnectSeconds":1,"rings":2}' })).toThrow(
      /PARLEY_CALL_SETTINGS\.reconnectSeconds: must be at least 5; PARLEY_CALL_SETTINGS: has no rings/,
    );
  });
});
