export { SetupError } from './SetupError.ts';
export { locateChromium } from './chromium/locateChromium.ts';
export { findFirefox } from './firefox/findFirefox.ts';
export { locatePostgres } from './postgres.ts';
export { locateWorker } from './worker/worker.ts';
