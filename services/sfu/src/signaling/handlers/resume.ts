import type { Handler } from '../handlerTypes.ts';

export const resume: Handler<'resume'> = ({ endpoint, calls }, request) =>
  calls.places.resume(endpoint, request);
