import type { Handler } from '../handlerTypes.ts';

export const loopBack: Handler<'loopBack'> = async ({ endpoint, probes }, { probeId, ...stream }) => ({
  consumer: await probes.of(endpoint, probeId).loopBack(stream),
});
