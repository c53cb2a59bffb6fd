import type { AutomaticBehaviours } from './automaticTypes.ts';

/** What of it is on. */
export type Automatic = Readonly<Required<AutomaticBehaviours>>;

export const allAutomatic: Automatic = {
  openMicrophone: true,
  keepMutedMicrophone: true,
  reopenDevices: true,
  restartIce: true,
  receiveOnRender: true,
  pauseHidden: true,
  fitToView: true,
  suspendLayers: true,
  sendUnprocessed: true,
  paceData: true,
  refreshProactively: true,
  reconnect: true,
  followNetwork: true,
  leaveWithPage: true,
  rememberDevices: true,
  followDevices: true,
  replaceDevices: true,
  playAudio: true,
  playOnTouch: true,
  resumeAudio: true,
};

/** What is on after these changes to it. @throws TypeError for a name that is none, and for no boolean. */
export function changedAutomatic(base: Automatic, changes: AutomaticBehaviours = {}): Automatic {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(base, name) || typeof value !== 'boolean') {
      throw new TypeError(`automatic.${name} is no boolean, or there is no such behaviour.`);
    }
  }

  return { ...base, ...changes };
}
