import { locateWorker } from '@parley/setup';
import { createWorker, type types } from 'mediasoup';
import { codecs } from '../../src/workers/codecs.ts';

export interface TestRouter extends AsyncDisposable {
  readonly worker: types.Worker;
  readonly router: types.Router;
  /** As a site of a call has one. */
  directTransport(): Promise<types.DirectTransport>;
}

/** A real worker of its own, with one router. */
export async function startTestRouter(): Promise<TestRouter> {
  const worker = await createWorker({ workerBin: await locateWorker() });
  const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  const router = await worker.createRouter({ mediaCodecs: codecs });
  const direct = router.createDirectTransport();

  return {
    worker,
    router,
    directTransport: () => direct,
    async [Symbol.asyncDispose]() {
      worker.close();
      await ended;
    },
  };
}
