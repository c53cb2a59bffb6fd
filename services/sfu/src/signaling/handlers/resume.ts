import type { Handler } from '../handlerTypes.ts';

export const resume: Handler<'resume'> = ({ endpoint, calls }, request) => calls.resume(endpoint, request);
