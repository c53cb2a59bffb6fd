import type { CDPSession, Page } from 'playwright-core';

/** What a page has in its memory after a collection of garbage, by the browser's own count. */
export class PageObjects {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<PageObjects> {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');

    return new PageObjects(session);
  }

  /** Bytes of JavaScript. */
  async heap(): Promise<number> {
    await this.collect();

    return (await this.#session.send('Runtime.getHeapUsage')).usedSize;
  }

  /** How many objects there are whose prototype `expression` names, as far as they pass the test. */
  async count(expression: string, passes = '() => true'): Promise<number> {
    const group = { objectGroup: 'counted' };
    const prototype = await this.#session.send('Runtime.evaluate', { expression, ...group });
    const prototypeObjectId = prototype.result.objectId;
    if (prototypeObjectId === undefined) {
      throw new Error(`${expression} is no object.`);
    }
    const { objects } = await this.#session.send('Runtime.queryObjects', { prototypeObjectId, ...group });
    const { result } = await this.#session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: `function () { return this.filter(${passes}).length; }`,
      returnByValue: true,
    });
    await this.#session.send('Runtime.releaseObjectGroup', group);

    return Number(result.value);
  }

  /** Event listeners of what `expression` names. */
  async listeners(expression: string): Promise<number> {
    const { result } = await this.#session.send('Runtime.evaluate', { expression });
    const { listeners } = await this.#session.send('DOMDebugger.getEventListeners', {
      objectId: result.objectId ?? '',
    });

    return listeners.length;
  }

  async collect(): Promise<void> {
    // What a first collection sets free may hold on to more.
    for (let round = 0; round < 3; round += 1) {
      await this.#session.send('HeapProfiler.collectGarbage');
    }
  }
}
