import type { Handler } from '../handlerTypes.ts';

export const endProbe: Handler<'endProbe'> = ({ endpoint, probes }, { probeId }) => {
  probes.of(endpoint, probeId).close();

  return {};
};
