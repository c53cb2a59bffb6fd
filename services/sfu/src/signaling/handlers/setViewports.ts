import type { Handler } from '../handlerTypes.ts';

export const setViewports: Handler<'setViewports'> = async ({ endpoint, calls }, { callId, viewports }) => {
  await calls.participation(endpoint, callId).participant.media.setViewports(viewports);

  return {};
};
