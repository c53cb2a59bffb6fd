import type { Call } from '../call/callTypes.ts';

/** The states that the application has seen the call go through. */
export const statesOf = (call: Call): string[] => {
  const states: string[] = [];
  call.on('stateChanged', () => states.push(call.state));

  return states;
};

/** Who has come and gone in the eyes of the application. */
export const comingsOf = (call: Call): string[] => {
  const comings: string[] = [];
  call.on('remoteParticipantsUpdated', ({ added, removed }) => {
    comings.push(...added.map(({ endpointId }) => `+${endpointId}`));
    comings.push(...removed.map(({ endpointId }) => `-${endpointId}`));
  });

  return comings;
};
