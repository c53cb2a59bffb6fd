import { knowsCameraOf } from './callPage.ts';
import type { Tab } from './Tab.ts';

/** What a page has seen of its call since the test began to watch. */
interface Chronicle {
  /** Of the page's own call. */
  readonly states: string[];
  /** Of everybody else. */
  readonly others: string[];
  /** Who has come and gone, by display name. */
  readonly comings: string[];
  /** When each frame of the watched picture was shown, milliseconds. */
  readonly frames: number[];
}

declare global {
  interface Window {
    chronicle: Chronicle;
  }
}

/** Begins to write down what becomes of the page's call, and of the picture that `selector` names. */
export async function beginChronicle(page: Tab, selector: string): Promise<void> {
  await page.waitForFunction((query) => document.querySelector(query) !== null, selector);
  await page.evaluate((query) => {
    const { call } = window.application;
    const chronicle: Chronicle = { states: [], others: [], comings: [], frames: [] };
    window.chronicle = chronicle;
    call.on('stateChanged', () => chronicle.states.push(call.state));
    call.on('remoteParticipantsUpdated', ({ added, removed }) => {
      chronicle.comings.push(...added.map(({ displayName }) => `${displayName} came`));
      chronicle.comings.push(...removed.map(({ displayName }) => `${displayName} went`));
    });
    for (const participant of call.remoteParticipants) {
      participant.on('stateChanged', () => chronicle.others.push(participant.state));
    }
    const video = document.querySelector<HTMLVideoElement>(query);
    const next = (): void => {
      video?.requestVideoFrameCallback((now) => {
        chronicle.frames.push(now);
        next();
      });
    };
    next();
  }, selector);
  await framesGoOn(page);
}

/** Shows the picture of that person, small, and begins to write down what becomes of it. */
export async function watch(page: Tab, name: string): Promise<void> {
  await knowsCameraOf(page, name);
  await page.evaluate((person) => void window.application.show(person, 320, 180), name);
  await beginChronicle(page, `[data-name="${name}"] video`);
}

/** Waits for more frames than could have been on their way. */
export async function framesGoOn(page: Tab): Promise<void> {
  const before = await page.evaluate(() => window.chronicle.frames.length);
  await page.waitForFunction((count) => window.chronicle.frames.length > count + 15, before);
}

export async function chronicleOf(page: Tab): Promise<Omit<Chronicle, 'frames'>> {
  return page.evaluate(() => {
    const { frames: _, ...rest } = window.chronicle;

    return rest;
  });
}

/** The longest time between two frames so far, milliseconds; the last one may be a while ago. */
export async function longestFreezeOf(page: Tab): Promise<number> {
  return page.evaluate(() => {
    const moments = [...window.chronicle.frames, performance.now()];

    return Math.round(Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))));
  });
}
