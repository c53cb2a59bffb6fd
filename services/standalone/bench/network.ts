import { relative } from 'node:path';
import process from 'node:process';
import { judgeReport, percentiles, writeReport } from '@parley/test-kit/bench';
import { freezesOver } from '../network/support/freezesOver.ts';
import { createNetworkWorld } from '../network/support/world.ts';

/**
 * Measures how long pictures stand still when the machine of one of two people goes from one network to another. The
 * least it can be, from the same run: how long they stand still when nothing happens.
 */
const moves = 10;

await using opened = new AsyncDisposableStack();
console.log('Starting the platform, and a browser on each of two machines …');
const world = opened.use(await createNetworkWorld());
const pages = await world.enter(opened);
const freezes = { moving: [] as number[], resting: [] as number[] };
for (let move = 1; move <= moves; move += 1) {
  const resting = await freezesOver(pages, () => Promise.resolve());
  const moving = await freezesOver(pages, () => world.machine.move());
  console.log(
    `  move ${move} of ${moves}: ${moving.join(' and ')} ms, before it ${resting.join(' and ')} ms`,
  );
  freezes.resting.push(...resting);
  freezes.moving.push(...moving);
}

const networkChangeMs = percentiles(freezes.moving);
const restingMs = percentiles(freezes.resting);
console.table({ networkChangeMs, restingMs });
const path = await writeReport({
  name: 'network',
  figures: { moves, networkChangeMs, restingMs },
  libraries: ['mediasoup', 'mediasoup-client', 'socket.io'],
});
await judgeReport('network');
console.log(`Figures in ${relative(process.cwd(), path)}`);
await opened.disposeAsync();
process.exit();
