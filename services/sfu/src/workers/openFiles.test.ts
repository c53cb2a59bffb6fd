import { expect, it, vi } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { openFilesOf, watchOpenFiles, type OpenFiles } from './openFiles.ts';

function watch() {
  const clock = new FakeClock();
  const told: OpenFiles[] = [];
  const read = vi.fn<() => Promise<OpenFiles | undefined>>();
  const stop = watchOpenFiles(read, { clock, onCrowded: (files) => told.push(files) });
  const look = async (files?: OpenFiles): Promise<void> => {
    read.mockResolvedValueOnce(files);
    clock.advance(10_000);
    await Promise.resolve();
    await Promise.resolve();
  };

  return { look, read, stop, told };
}

it('tells once of a process that has more than 80 % of its files open', async () => {
  const { look, read, told } = watch();
  await look({ count: 800, limit: 1_000 });
  await look();
  expect(told).toEqual([]);
  await look({ count: 801, limit: 1_000 });
  await look({ count: 1_000, limit: 1_000 });

  expect(told).toEqual([{ count: 801, limit: 1_000 }]);
  expect(read).toHaveBeenCalledTimes(3);
});

it('tells nothing more of a process that is gone', async () => {
  const { look, read, stop } = watch();
  stop();
  await look({ count: 1_000, limit: 1_000 });

  expect(read).not.toHaveBeenCalled();
});

it('says nothing of a process that is not there', async () => {
  expect(await openFilesOf(2 ** 30)).toBeUndefined();
});
