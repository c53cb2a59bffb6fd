import type { Handlers } from '../handlerTypes.ts';
import { acceptCall } from './acceptCall.ts';
import { closeConsumers } from './closeConsumers.ts';
import { closeProducer } from './closeProducer.ts';
import { consume } from './consume.ts';
import { endCall } from './endCall.ts';
import { joinRoom } from './joinRoom.ts';
import { leaveCall } from './leaveCall.ts';
import { pauseConsumers } from './pauseConsumers.ts';
import { pauseProducer } from './pauseProducer.ts';
import { produce } from './produce.ts';
import { rejectCall } from './rejectCall.ts';
import { resumeConsumers } from './resumeConsumers.ts';
import { resumeProducer } from './resumeProducer.ts';
import { startCall } from './startCall.ts';

/** The handler of every request; the compiler finds one that is missing. */
export const handlers: Handlers = {
  startCall,
  joinRoom,
  acceptCall,
  rejectCall,
  leaveCall,
  endCall,
  produce,
  pauseProducer,
  resumeProducer,
  closeProducer,
  consume,
  resumeConsumers,
  pauseConsumers,
  closeConsumers,
};
