import type { Page } from 'playwright-core';

/** As much of a page as the tests use whatever drives its browser. */
export type Tab = Pick<Page, 'evaluate' | 'waitForFunction'>;
