import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { opusParameters } from '../../sfu/test/support/rtpParameters.ts';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { checkout, startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { createBackend, operatorKey } from './support/backend.ts';
import { metricsAskedFor, metricsIn, type ScrapedMetric } from './support/scrape.ts';

/** What the guide, the alerts and the dashboard say of metrics and log, held against a platform that runs. */
let platform: TestPlatform;
let metrics: ReadonlyMap<string, ScrapedMetric>;
let callId: string;

const read = (path: string): Promise<string> => readFile(join(checkout, path), 'utf8');
const guide = await read('docs/guides/observing.md');

async function ask(path: string, method = 'GET'): Promise<string> {
  const answer = await fetch(`${platform.adminUrl}${path}`, { method });
  expect(answer.status).toBe(200);

  return answer.text();
}

beforeAll(async () => {
  platform = await startTestPlatform({
    PARLEY_OPERATOR_KEY: operatorKey,
    PARLEY_ADMIN_ADDRESS: '127.0.0.1:0',
  });
  const backend = await createBackend(platform.url, {});
  await backend.do('POST', '/v1/users', { id: 'alice' });
  const room = (await backend.do('POST', '/v1/rooms', { access: 'open' })) as { id: string };
  const alice = await TestClient.connect(platform.url, await backend.token('alice'));
  await alice.welcome();
  const { call, media } = await alice.enter('joinRoom', { roomId: room.id, media: await alice.offer() });
  await alice.request('produce', {
    callId: call.id,
    transportId: media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });
  callId = call.id;
  metrics = metricsIn(await ask('/metrics'));
});
afterAll(() => platform[Symbol.asyncDispose]());

/** The cells of every row of the guide whose first one is code. */
function rowsOf(heading: string): string[][] {
  const [, section = ''] = guide.split(new RegExp(`^## ${heading}$`, 'm'));
  const [own = ''] = section.split(/^## /m);

  return [...own.matchAll(/^\| `.*\|$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the guide to observing', () => {
  it('lists every metric of api and sfu as it is, and none that is not', () => {
    const written = rowsOf('Metrics').map(([name = '', type = '', labels = '', unit = '']) => ({
      name: codesIn(name).join(),
      type,
      labels: codesIn(labels).toSorted(),
      unit,
    }));
    const scraped = [...metrics]
      .filter(([name]) => name.startsWith('parley_'))
      .map(([name, { type, labels }]) => ({
        name,
        type,
        labels: [...labels].toSorted(),
        unit: ['seconds', 'bytes', 'ratio'].find((unit) => name.includes(`_${unit}`)) ?? 'count',
      }));

    const byName = (one: { name: string }, other: { name: string }): number =>
      one.name.localeCompare(other.name);
    expect(written.toSorted(byName)).toEqual(scraped.toSorted(byName));
  });

  it('says of every line of the log from info on what it means', async () => {
    const files = globSync('{services/{api,sfu,standalone},packages/backplane}/src/**/*.ts', {
      cwd: checkout,
    });
    const sources = await Promise.all(files.filter((file) => !file.endsWith('.test.ts')).map(read));
    const logged = sources.flatMap((source) =>
      [
        ...source.matchAll(
          /(?:\b(?:log|logger)|#loggerOf\([^;]*?\))\.(info|warn|error|fatal)\([^;]*?'([^']+)'/gi,
        ),
      ].map(([, level, line]) => `${level}: ${line}`),
    );
    const written = rowsOf('The log').map(([line = '', level = '']) => `${level}: ${codesIn(line).join()}`);

    expect(logged.length).toBeGreaterThan(40);
    expect(written.toSorted()).toEqual([...new Set(logged)].toSorted());
  });

  it('shows what an operator is answered', async () => {
    const shown = [...guide.matchAll(/^```json\n([^]*?)\n```$/gm)].map(
      ([, block = '']) => JSON.parse(block) as unknown,
    );
    const answers = ['/dump', `/dump/${callId}`, '/workers'];
    const given = await Promise.all(answers.map(async (path) => JSON.parse(await ask(path)) as unknown));
    const [{ pid }] = z.array(z.object({ pid: z.number() })).parse(given[2]) as [{ pid: number }];
    given.push(JSON.parse(await ask(`/workers/${pid}/drain`, 'POST')));

    expect(shown.map(shapeOf)).toEqual(given.map(shapeOf));
  });
});

const exprOf = z.object({ expr: z.string() });
const ruleFile = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        exprOf.extend({
          alert: z.string().startsWith('Parley'),
          for: z.string().regex(/^\d+[sm]$/),
          labels: z.object({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.object({ summary: z.string().includes('$labels.instance') }),
        }),
      ),
    }),
  ),
});

const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(exprOf).default([]) })),
});

/** Those of Prometheus itself. */
const added = ['instance', 'job', 'le'];

/** What of the expressions no process serves: metrics, and labels of those that there are. */
function unserved(expressions: readonly string[]): string[] {
  return expressions.flatMap(metricsAskedFor).flatMap(({ name, labels }) => {
    const known = metrics.get(name)?.labels;
    const unknown = labels.filter((label) => !added.includes(label) && known?.has(label) !== true);

    return known === undefined ? [name] : unknown.map((label) => `${name}{${label}}`);
  });
}

describe('what is brought for Prometheus and Grafana', () => {
  it('alerts about metrics there are, by labels they have', async () => {
    const { groups } = ruleFile.parse(parse(await read('infra/prometheus/parley.rules.yml')));

    const expressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(10);
    expect(unserved(expressions)).toEqual([]);
  });

  it('draws metrics there are, by labels they have', async () => {
    const { panels } = dashboard.parse(JSON.parse(await read('infra/grafana/parley.json')));

    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(20);
    expect(unserved(expressions)).toEqual([]);
  });

  it('looks where a process serves its metrics unless told otherwise, and loads the alerts', async () => {
    const config = z
      .object({
        rule_files: z.tuple([z.literal('parley.rules.yml')]),
        scrape_configs: z.tuple([
          z.object({
            job_name: z.literal('parley'),
            static_configs: z.tuple([z.object({ targets: z.tuple([z.literal('127.0.0.1:9464')]) })]),
          }),
        ]),
      })
      .safeParse(parse(await read('infra/prometheus/prometheus.yml')));

    expect(config.error).toBeUndefined();
  });
});

/** The names and types of it, without what differs from one process to the next. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? [] : [shapeOf(value[0])];
  }

  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
    : typeof value;
}
