import { expect, it } from 'vitest';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { FakePage, type FakeMediaElement } from '../testing/fakePage.ts';
import { nextTurn } from '../testing/testClient.ts';
import { AudioOutput } from './AudioOutput.ts';

const stream = (): MediaStream => asMediaStream(new FakeStream([]));

/** A page whose elements can be directed to speakers, each when the test lets it. */
class PageWithSpeakers extends FakePage {
  /** What an element is asked for; the answer of the one is not that of the other. */
  answer: (speakerId: string, element: FakeMediaElement) => Promise<void> = async () => {};

  override createElement(tagName: string): FakeMediaElement & { sinkId: string } {
    const element = Object.assign(super.createElement(tagName), {
      sinkId: '',
      setSinkId: async (speakerId: string): Promise<void> => {
        await this.answer(speakerId, element);
        element.sinkId = speakerId;
      },
    });

    return element;
  }

  get elements(): (FakeMediaElement & { sinkId?: string })[] {
    return [...this.body.children];
  }

  /** Where the sound comes out, element by element. */
  get speakers(): (string | undefined)[] {
    return this.elements.map(({ sinkId }) => sinkId);
  }
}

function setUp() {
  const page = new PageWithSpeakers();

  return { page, output: new AudioOutput(() => page.asDocument()) };
}

it('a stream that begins while the speaker is being changed is heard from the new one', async () => {
  const { page, output } = setUp();
  output.play(stream());
  await output.setSpeaker('old');
  const changed = Promise.withResolvers<void>();
  const [first] = page.elements;
  page.answer = (_, element) => (element === first ? changed.promise : Promise.resolve());

  const changing = output.setSpeaker('new');
  await nextTurn();
  output.play(stream());
  changed.resolve();
  await changing;
  output.play(stream());
  await nextTurn();

  expect(page.speakers).toEqual(['new', 'new', 'new']);
});

it.each([
  ['the one before', 'old'],
  ["the system's choice when none was chosen before", ''],
])('a speaker that one stream cannot be heard from leaves all on %s', async (_, before) => {
  const { page, output } = setUp();
  output.play(stream());
  output.play(stream());
  if (before !== '') {
    await output.setSpeaker(before);
  }
  const changed = Promise.withResolvers<void>();
  const [first, second] = page.elements;
  page.answer = async (speakerId, element) => {
    if (speakerId === 'gone' && element === first) {
      throw new DOMException('no such speaker', 'NotFoundError');
    }
    // Takes its time, and takes the speaker.
    await (speakerId === 'gone' && element === second ? changed.promise : undefined);
  };

  const changing = output.setSpeaker('gone');
  await nextTurn();
  output.play(stream());
  changed.resolve();
  await expect(changing).rejects.toThrow('no such speaker');
  output.play(stream());
  await nextTurn();

  expect(page.speakers).toEqual([before, before, before, before]);
});

it('two changes of the speaker at once end with the last, also when both fail', async () => {
  const { page, output } = setUp();
  output.play(stream());
  await output.setSpeaker('first');
  await Promise.all([output.setSpeaker('second'), output.setSpeaker('third')]);
  expect(page.speakers).toEqual(['third']);
  page.answer = async (speakerId) => {
    if (speakerId.startsWith('gone')) {
      throw new DOMException('no such speaker', 'NotFoundError');
    }
  };

  await Promise.allSettled([output.setSpeaker('gone'), output.setSpeaker('gone too')]);
  output.play(stream());
  await nextTurn();

  expect(page.speakers).toEqual(['third', 'third']);
});

it('a stream that goes on in place of another is played, by the same element', () => {
  const { page, output } = setUp();
  const playback = output.play(stream());
  const [element] = page.elements;
  // As the browser pauses an element that is given another source.
  element?.pause();
  const next = stream();
  playback.continueWith(next);

  expect(page.elements).toEqual([element]);
  expect(element).toMatchObject({ srcObject: next, isPlaying: true });
});

it('a stream that was stopped is not begun by a touch, also after it went on with another', async () => {
  const { page, output } = setUp();
  page.refusesToPlay = true;
  const playback = output.play(stream());
  const [element] = page.elements;
  await nextTurn();
  playback.continueWith(stream());
  await nextTurn();
  page.refusesToPlay = false;

  playback.stop();
  page.dispatchEvent(new Event('click'));

  expect(element?.isPlaying).toBe(false);
});

it('a touch begins, once, what the browser did not let play', async () => {
  const { page, output } = setUp();
  page.refusesToPlay = true;
  const playback = output.play(stream());
  await nextTurn();
  playback.continueWith(stream());
  await nextTurn();
  const [element] = page.elements;
  page.refusesToPlay = false;
  page.dispatchEvent(new Event('click'));
  element?.pause();
  page.dispatchEvent(new Event('click'));

  expect(element?.isPlaying).toBe(false);
});

it('what the browser refuses to play is told, and start() plays everything that waits', async () => {
  const { page, output } = setUp();
  const told: boolean[] = [];
  output.on('isBlockedChanged', () => told.push(output.isBlocked));
  page.refusesToPlay = true;
  output.play(stream());
  output.play(stream());
  await nextTurn();
  await expect(output.start()).rejects.toMatchObject({ code: 'forbidden' });

  page.refusesToPlay = false;
  await output.start();

  expect(page.elements).toMatchObject([{ isPlaying: true }, { isPlaying: true }]);
  expect(told).toEqual([true, false]);
});

it('a stream that goes on in place of one that waits is played by start(), and one that was stopped is not', async () => {
  const { page, output } = setUp();
  const told: boolean[] = [];
  output.on('isBlockedChanged', () => told.push(output.isBlocked));
  page.refusesToPlay = true;
  const [going, stopped] = [output.play(stream()), output.play(stream())];
  const elements = page.elements;
  await nextTurn();
  const next = stream();
  going.continueWith(next);
  stopped.stop();
  page.refusesToPlay = false;
  await output.start();

  expect(elements).toMatchObject([{ isPlaying: true, srcObject: next }, { isPlaying: false }]);
  expect(told).toEqual([true, false]);
});

it('a stream that is stopped before the browser has refused it leaves nothing that waits', async () => {
  const { page, output } = setUp();
  page.refusesToPlay = true;

  output.play(stream()).stop();
  await nextTurn();

  expect(output.isBlocked).toBe(false);
});

it('what the system has paused goes on with resume(), and what plays is left alone', () => {
  const { page, output } = setUp();
  output.play(stream());
  output.play(stream());
  const [first, second] = page.elements;
  first?.pause();
  let asked = 0;
  Object.assign(second ?? {}, { play: async () => (asked += 1) });

  void output.resume();

  expect(first?.isPlaying).toBe(true);
  expect(asked).toBe(0);
});

it('what a page takes out, as one that replaces its whole body, is heard on, and is silent once it was stopped', () => {
  const { page, output } = setUp();
  const playback = output.play(stream());
  const [element] = page.elements;

  element?.takeOut();
  expect(element?.isPlaying).toBe(true);
  playback.stop();
  element?.takeOut();

  expect(element?.isPlaying).toBe(false);
});

it('a stream that is stopped leaves no element in the page, and no media in the element', () => {
  const { page, output } = setUp();
  const [first, second] = [output.play(stream()), output.play(stream())];
  const elements = page.elements;

  first.stop();
  expect(page.elements).toEqual(elements.slice(1));
  second.stop();

  expect(page.elements).toEqual([]);
  expect(elements.map(({ srcObject, isPlaying }) => [srcObject, isPlaying])).toEqual([
    [null, false],
    [null, false],
  ]);
});
