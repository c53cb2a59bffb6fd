import { beforeEach, expect, it } from 'vitest';
import type { IncomingMedia } from '../media/MediaPort.ts';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { FakeClock, joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from '../testing/testClient.ts';
import { VideoCount } from './VideoCount.ts';

let clock: FakeClock;
let videos: ReturnType<typeof video>[];
let told: (readonly [number, string | undefined])[];
let count: VideoCount;

/** A picture of so many frames a look. */
function video(decoded: number, dropped = 0) {
  const rate = { decoded, dropped };
  const sum = { decoded: 0, dropped: 0 };
  const incoming: IncomingMedia = {
    stream: asMediaStream(new FakeStream([])),
    frames: async () => {
      sum.decoded += rate.decoded;
      sum.dropped += rate.dropped;

      return { ...sum };
    },
    close: () => {},
  };

  return { rate, incoming };
}

const looks = (times: number): Promise<void> => passInSteps(clock, times * 5_000, 5_000);

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  videos = Array.from({ length: 6 }, () => video(100));
  count = new VideoCount({
    videos: () => videos.map(({ incoming }) => incoming),
    clock,
    onChanged: () => told.push([count.count, count.reason]),
  });
  count.begin();
});

it('as many as a call may have are carried while all of them move', async () => {
  await looks(20);

  expect([count.count, count.reason, told]).toEqual([25, undefined, []]);
});

it('those that stand still twice in a row are one less each, for want of bandwidth', async () => {
  await looks(2);
  videos.slice(0, 2).forEach(({ rate }) => (rate.decoded = 0));
  await looks(1);
  expect(told).toEqual([]);
  await looks(1);

  expect(told).toEqual([[4, 'bandwidth']]);
});

it('one that stands still for good, as of a camera that hangs, does not take all others with it while it is shown', async () => {
  const [hanging] = videos;
  if (hanging !== undefined) {
    hanging.rate.decoded = 0;
  }
  for (let look = 0; look < 10; look += 1) {
    await looks(1);
    videos = videos.slice(0, count.count);
  }

  expect(told.map(([pictures]) => pictures)).toEqual([5, 4, 3]);
});

it('a machine that drops a quarter of the frames is given one less', async () => {
  videos.forEach(({ rate }) => (rate.dropped = 40));
  await looks(2);

  expect(told).toEqual([[5, 'performance']]);
});

it('there is one more after half a minute in which as many as there may be have moved', async () => {
  videos.slice(0, 2).forEach(({ rate }) => (rate.decoded = 0));
  await looks(3);
  videos = videos.slice(2);
  await looks(5);
  expect(told).toEqual([[4, 'bandwidth']]);
  await looks(1);

  expect(told.at(-1)).toEqual([5, 'recovered']);
});

it('never is there less than one', async () => {
  videos = [video(0)];
  await looks(4);

  expect(count.count).toBe(1);
});

it('nothing is looked at while nothing is shown, or once the call is over', async () => {
  videos = [];
  await looks(1);
  expect(clock.pending).toBe(0);

  count.begin();
  count.close();
  expect(clock.pending).toBe(0);
});

it('what has gone while it is looked at does not count', async () => {
  videos[0] = {
    ...video(0),
    incoming: { ...video(0).incoming, frames: () => Promise.reject(new Error('closed')) },
  };
  await looks(4);

  expect(told).toEqual([]);
});

it('a call tells how many it may show, from what it receives of cameras', async () => {
  const { client, server, media, page, clock: ofCall } = await createTestClient();
  server.on('joinRoom', () =>
    joined('room', 'connected', [
      participant('bob', 'connected', [
        { id: 'camera-1', source: 'camera', paused: false },
        { id: 'screen-1', source: 'screen', paused: false },
      ]),
    ]),
  );
  const call = client.join({ roomId: 'room-1' });
  const seen: unknown[] = [call.optimalVideoCount, call.optimalVideoCountReason];
  call.on('optimalVideoCountChanged', () => seen.push(call.optimalVideoCount, call.optimalVideoCountReason));
  await nextTurn();
  const [bob] = call.remoteParticipants;
  for (const stream of [...(bob?.videoStreams ?? []), ...(bob?.screenSharingStreams ?? [])]) {
    await stream.render(page.target().asHtml);
  }
  media.session.frames.set('consumer-of-camera-1', { decoded: 90, dropped: 0 });
  await passInSteps(ofCall, 15_000, 5_000);

  expect(seen).toEqual([25, undefined, 1, 'bandwidth']);
  await call.hangUp();
  expect(ofCall.pending).toBe(0);
});
