import type { Handler } from '../handlerTypes.ts';

export const startProbe: Handler<'startProbe'> = ({ endpoint, probes }, { media }) =>
  probes.start(endpoint, media);
