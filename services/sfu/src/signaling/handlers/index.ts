import type { Handlers } from '../handlerTypes.ts';
import { acceptCall } from './acceptCall.ts';
import { addParticipants } from './addParticipants.ts';
import { admitParticipants } from './admitParticipants.ts';
import { cancelRinging } from './cancelRinging.ts';
import { changeRole } from './changeRole.ts';
import { closeConsumers } from './closeConsumers.ts';
import { closeProducer } from './closeProducer.ts';
import { consume } from './consume.ts';
import { denyParticipants } from './denyParticipants.ts';
import { endCall } from './endCall.ts';
import { endProbe } from './endProbe.ts';
import { getSnapshot } from './getSnapshot.ts';
import { holdCall } from './holdCall.ts';
import { joinCall } from './joinCall.ts';
import { joinRoom } from './joinRoom.ts';
import { leaveCall } from './leaveCall.ts';
import { loopBack } from './loopBack.ts';
import { lowerHand } from './lowerHand.ts';
import { muteParticipants } from './muteParticipants.ts';
import { pauseConsumers } from './pauseConsumers.ts';
import { pauseProducer } from './pauseProducer.ts';
import { produce } from './produce.ts';
import { produceData } from './produceData.ts';
import { raiseHand } from './raiseHand.ts';
import { refreshToken } from './refreshToken.ts';
import { rejectCall } from './rejectCall.ts';
import { removeParticipant } from './removeParticipant.ts';
import { resizeProducer } from './resizeProducer.ts';
import { restartIce } from './restartIce.ts';
import { resume } from './resume.ts';
import { resumeConsumers } from './resumeConsumers.ts';
import { resumeProducer } from './resumeProducer.ts';
import { sendChat } from './sendChat.ts';
import { sendReaction } from './sendReaction.ts';
import { setCustomData } from './setCustomData.ts';
import { setSpotlight } from './setSpotlight.ts';
import { setMaxReceiveBitrate } from './setMaxReceiveBitrate.ts';
import { setViewports } from './setViewports.ts';
import { startCall } from './startCall.ts';
import { startProbe } from './startProbe.ts';
import { submitSurvey } from './submitSurvey.ts';
import { unholdCall } from './unholdCall.ts';

/** The handler of every request; the compiler finds one that is missing. */
export const handlers: Handlers = {
  startCall,
  joinRoom,
  joinCall,
  acceptCall,
  rejectCall,
  leaveCall,
  endCall,
  resume,
  restartIce,
  getSnapshot,
  refreshToken,
  produce,
  pauseProducer,
  resumeProducer,
  closeProducer,
  resizeProducer,
  consume,
  resumeConsumers,
  pauseConsumers,
  closeConsumers,
  setViewports,
  setMaxReceiveBitrate,
  produceData,
  holdCall,
  unholdCall,
  addParticipants,
  cancelRinging,
  removeParticipant,
  muteParticipants,
  changeRole,
  admitParticipants,
  denyParticipants,
  raiseHand,
  lowerHand,
  sendReaction,
  setSpotlight,
  setCustomData,
  sendChat,
  submitSurvey,
  startProbe,
  loopBack,
  endProbe,
};
