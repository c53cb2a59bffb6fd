import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '@parley/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallEvent } from '../src/callEvents.ts';
import { EventSpool, type EventSpoolOptions } from '../src/events/EventSpool.ts';
import { connected } from './records.ts';

let folder: string;
let errors: unknown[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-spool-'));
  errors = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (changed: Partial<EventSpoolOptions> = {}) =>
  EventSpool.open({ folder, onError: (error) => errors.push(error), ...changed });
const file = () => join(folder, 'events.jsonl');
const sizeOnDisk = async () => (await stat(file())).size;
const idsOf = (events: readonly CallEvent[]) => events.map(({ eventId }) => eventId);
const reopened = async () => {
  const spool = await open();
  const ids = idsOf(spool.take(1_000_000));
  await spool.close();

  return ids;
};

/** A call of two events. */
const whole = (callId: string): CallEvent[] => [
  { ...connected(`${callId}:1`, callId), name: 'callStarted', kind: 'direct', nodeId: 'node1' },
  { ...connected(`${callId}:2`, callId), name: 'callEnded', reason: 'hangup' },
];

describe('a spool of call events', () => {
  it('brings back in order what was not handed over, taken out or not', async () => {
    const spool = await open();
    for (const id of ['a', 'b', 'c', 'd']) {
      spool.push(connected(id));
    }
    const [a, b] = [spool.take(1), spool.take(1)];
    spool.done(a);
    expect(idsOf(b)).toEqual(['b']);
    await spool.close();

    // What was done may come again, first: it is known by its id.
    expect((await reopened()).filter((id) => id !== 'a')).toEqual(['b', 'c', 'd']);
  });

  it('takes nothing on the disk once all was handed over, and nothing comes again', async () => {
    const spool = await open();
    whole('call1').forEach((event) => spool.push(event));
    await expect.poll(sizeOnDisk).toBeGreaterThan(0);
    spool.done(spool.take(10));

    await expect.poll(sizeOnDisk).toBe(0);
    await spool.close();
    expect(await reopened()).toEqual([]);
  });

  it('is for its own user alone to read', async () => {
    const spool = await open({ folder: join(folder, 'made') });
    await spool.close();

    expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'made', 'events.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('loses no event that was written when its process is killed', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('support/spoolingProcess.ts', import.meta.url)), folder],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect.poll(() => said.split('\n').length, { timeout: 20_000 }).toBeGreaterThan(200);
    child.kill('SIGKILL');
    await once(child, 'close');

    const last = Number(said.trimEnd().split('\n').at(-1));
    const ids = (await reopened()).map(Number);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    // The write of the very last turn may have been under way.
    expect(ids.length).toBeGreaterThanOrEqual(last - 1);
  });

  it('passes over a line that was cut short, and goes on behind it', async () => {
    const spool = await open();
    spool.push(connected('a'));
    await spool.close();
    await appendFile(file(), '{"eventId":"torn","cal');

    const next = await open();
    next.push(connected('b'));
    await next.close();

    expect(await reopened()).toEqual(['a', 'b']);
  });

  it('gives up the oldest ended calls above its maximum, on the disk as well, and says so', async () => {
    const maxBytes = 1_000_000;
    const spool = await open({ maxBytes });
    const live = connected('live', 'live');
    spool.push(live);
    for (let index = 0; index < 20_000; index += 1) {
      whole(`call-${index}`).forEach((event) => spool.push(event));
    }
    await spool.close();

    expect(await sizeOnDisk()).toBeLessThan(2 * maxBytes + 1024 * 1024);
    expect(String(errors[0])).toContain('were given up');
    const kept = await open({ maxBytes });
    const ids = idsOf(kept.take(1_000_000));
    expect(ids[0]).toBe('live');
    expect(ids.at(-1)).toBe('call-19999:2');
    expect(ids).not.toContain('call-0:1');
    await kept.close();
  });

  it('takes no more than 64 MiB unless told otherwise', async () => {
    const spool = await open();
    const megabyte = 'x'.repeat(1024 * 1024);
    const push = (index: number): void => {
      const [started, ended] = whole(`call-${index}`) as [CallEvent, CallEvent];
      spool.push({ ...started, applicationId: megabyte });
      spool.push(ended);
    };
    for (let index = 0; index < 63; index += 1) {
      push(index);
    }
    expect(errors).toEqual([]);
    push(63);
    push(64);

    expect(String(errors[0])).toContain('were given up');
    expect(idsOf(spool.kept)).not.toContain('call-0:1');
    expect(idsOf(spool.kept)).toContain('call-64:1');
    await spool.close();
  });

  it('keeps events in memory while the disk fails, says so once, and writes them when it is back', async () => {
    const spool = await open();
    await spool.close();
    const broken = await open();
    // A folder in the way of the file that takes the place of the old one.
    await mkdir(`${file()}.new`);
    broken.push(connected('a'));
    await expect.poll(sizeOnDisk).toBeGreaterThan(0);
    await appendFile(file(), 'garbage');
    await broken.close();

    const next = await open();
    next.push(connected('b'));
    await expect.poll(() => errors.length).toBe(1);
    next.push(connected('c'));
    await new Promise(setImmediate);
    await rm(`${file()}.new`, { recursive: true });
    next.push(connected('d'));
    await expect.poll(async () => (await readFile(file(), 'utf8')).includes('"d"')).toBe(true);
    expect(errors).toHaveLength(1);
    await next.close();

    expect(await reopened()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('tries a disk that failed again by itself, and once more before the end', async () => {
    const timers: (() => void)[] = [];
    const clock: Clock = {
      ...systemClock,
      schedule(_delayMs, task) {
        timers.push(task);

        return { cancel: () => {} };
      },
    };
    const spool = await tornSpool(clock);
    await rm(`${file()}.new`, { recursive: true });
    timers.forEach((task) => task());
    await expect.poll(async () => (await readFile(file(), 'utf8')).includes('"b"')).toBe(true);
    await spool.close();

    const next = await tornSpool(clock);
    await rm(`${file()}.new`, { recursive: true });
    await next.close();
    expect(await reopened()).toEqual(['a', 'b', 'a', 'b']);
  });

  /** One that could not write its last event. */
  async function tornSpool(clock: Clock): Promise<EventSpool> {
    const spool = await open({ clock });
    spool.push(connected('a'));
    await expect.poll(async () => (await readFile(file(), 'utf8')).endsWith('\n')).toBe(true);
    await mkdir(`${file()}.new`);
    await appendFile(file(), 'garbage');
    await spool.close();
    const before = errors.length;
    const torn = await open({ clock });
    torn.push(connected('b'));
    await expect.poll(() => errors.length).toBe(before + 1);

    return torn;
  }
});
