import { describe, expect, it } from 'vitest';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { FakePage } from '../testing/fakePage.ts';
import { nextTurn } from '../testing/testClient.ts';
import { VideoView } from './VideoView.ts';

const stream = (): MediaStream => asMediaStream(new FakeStream([]));

async function shown() {
  const page = new FakePage();
  const { element: target, asHtml } = page.target();
  const view = new VideoView({ target: asHtml, scalingMode: 'Crop', mirrored: false });
  await view.show(stream());
  const [element] = target.children;
  if (element === undefined) {
    throw new Error('Nothing is shown.');
  }

  return { page, view, element };
}

describe('a picture that the page takes out', () => {
  it('goes on, for the page may put it back', async () => {
    const { element } = await shown();

    element.takeOut();

    expect(element.isPlaying).toBe(true);
  });

  it('stays frozen when it was paused', async () => {
    const { view, element } = await shown();
    view.pause();

    element.takeOut();

    expect(element.isPlaying).toBe(false);
  });
});

describe('a picture that goes on with another stream', () => {
  it('is begun by the next touch where the browser does not play by itself', async () => {
    const { page, view, element } = await shown();
    page.refusesToPlay = true;
    view.setStream(stream());
    // As the browser pauses an element that is given another source.
    element.pause();
    await nextTurn();

    page.refusesToPlay = false;
    page.dispatchEvent(new Event('click'));

    expect(element.isPlaying).toBe(true);
  });

  it('is not begun by a touch when it was paused meanwhile', async () => {
    const { page, view, element } = await shown();
    page.refusesToPlay = true;
    view.setStream(stream());
    element.pause();
    await nextTurn();
    view.pause();

    page.refusesToPlay = false;
    page.dispatchEvent(new Event('click'));

    expect(element.isPlaying).toBe(false);
  });
});
