import process from 'node:process';
import { startTestSfu } from '../../test/support/testSfu.ts';
import type { Opened, OpenRequest } from './messages.ts';

/** The process that is joined: an sfu with rooms for everyone who is going to come. */
process.once('message', ({ rooms, users }: OpenRequest) => void open(rooms, users));
const disconnected = new Promise<void>((resolve) => process.once('disconnect', resolve));

async function open(rooms: number, users: number): Promise<void> {
  await using sfu = await startTestSfu({ workerCount: 1 });
  const roomIds = Array.from({ length: rooms }, (_, index) => `room-${index}`);
  await Promise.all(roomIds.map((roomId) => sfu.putRoom({ roomId })));
  const tokens = await Promise.all(Array.from({ length: users }, (_, index) => sfu.token(`user-${index}`)));
  process.send?.({ url: sfu.url, roomIds, tokens } satisfies Opened);
  await disconnected;
}
