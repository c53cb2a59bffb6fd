import type { EndReasonName, LocalDevice, MediaDeviceFailure } from '@parley/calling';
import type { CallTarget, Outcome } from './meeting/outcome.ts';

/** A headline and what to do about it. */
export interface Words {
  readonly title: string;
  readonly detail: string;
}

/** Every word the page says, in one place for translation. */
export const texts = {
  product: 'Parley',
  loading: 'Loading',

  door: {
    claim: 'Face to face, on your own ground.',
    claimDetail: 'Calls and meetings that run on servers you control.',
    signIn: 'Sign in',
    signingIn: 'Signing in …',
    email: 'E-mail',
    password: 'Password',
    applicationKey: 'Application key',
    applicationKeyHint: 'Begins with pk_; whoever runs this server has it.',
    demoTitle: 'Try the demo',
    demoDetail: 'Open a second window and continue as the other one.',
    continueAs: (name: string) => `Continue as ${name}`,
    orSignIn: 'or sign in',
    guestTitle: 'You are invited',
    guestDetail: 'Say who you are, and come in. No account needed.',
    yourName: 'Your name',
    joinAsGuest: 'Join as guest',
    joining: 'Joining …',
    comingWith: ({ microphone, camera }: { microphone: boolean; camera: boolean }) =>
      `Microphone ${microphone ? 'on' : 'off'}, camera ${camera ? 'on' : 'off'}`,
    returning: 'Bringing you back …',
    unreachable: 'The server does not answer',
    unreachableDetail: 'Check your network connection, or whether Parley is running.',
    tryAgain: 'Try again',
  },

  home: {
    hello: (name: string) => `Hello, ${name}`,
    lead: 'Check how you look, then ring somebody or join a room.',
    guestLead: 'Check how you look, then join.',
    guestBadge: 'Guest',
    reconnecting: 'Reconnecting …',
    signOut: 'Sign out',
    leaveAsGuest: 'Leave',
    ringTitle: 'Ring a person',
    personId: "Person's id",
    personPlaceholder: 'for example bob',
    call: 'Call',
    callSomebody: (name: string) => `Call ${name}`,
    roomTitle: 'Join a room',
    roomId: 'Room id',
    roomPlaceholder: 'as you were given it',
    joinRoom: 'Join room',
    demoRoom: 'Demo room',
    demoRoomDetail: 'Always open; guests come by link.',
    joinDemoRoom: 'Join demo room',
    theRoom: 'The meeting room',
    joinAgain: 'Join the room',
    copyLink: 'Copy guest link',
    linkCopied: 'Guest link copied',
    linkNotCopied: 'Copy this link',
    dismiss: 'Dismiss',
    callAgain: 'Call again',
    rejoin: 'Rejoin',
  },

  devices: {
    title: 'Devices',
    preview: 'Your camera',
    camera: 'Camera',
    microphone: 'Microphone',
    speaker: 'Speaker',
    systemSpeaker: 'System speaker',
    automatic: 'Automatic',
    none: {
      camera: 'No camera found',
      microphone: 'No microphone found',
    },
    unnamed: { camera: 'Camera', microphone: 'Microphone', speaker: 'Speaker' },
    cameraOff: 'Your camera is off',
    asking: 'Waiting for your permission',
    askingDetail: 'Your browser is asking whether Parley may use your camera and microphone.',
    turnMicrophoneOn: 'Turn microphone on',
    turnMicrophoneOff: 'Turn microphone off',
    turnCameraOn: 'Turn camera on',
    turnCameraOff: 'Turn camera off',
    tryAgain: 'Try again',
    speakerNotSupported: 'This browser leaves the choice of a speaker to your system.',
  },

  incoming: {
    title: 'Incoming call',
    calling: 'is calling you',
    callingGroup: 'is calling you and others',
    accept: 'Accept',
    acceptWithVideo: 'Accept with video',
    decline: 'Decline',
    missed: (name: string) => `You missed a call from ${name}`,
    answeredElsewhere: (name: string) => `The call from ${name} was answered on another device`,
    declinedElsewhere: (name: string) => `The call from ${name} was declined on another device`,
    ended: (name: string) => `The call from ${name} has ended`,
    notAnswered: (name: string) => `The call from ${name} could not be answered`,
    announcement: (name: string) => `${name} is calling you`,
    acceptHint: 'Answer without your camera',
    acceptWithVideoHint: 'Answer with your camera on',
  },

  call: {
    calling: (name: string) => `Calling ${name}`,
    ringing: 'Ringing …',
    connecting: 'Connecting …',
    joining: 'Joining …',
    leaving: 'Leaving …',
    you: (name: string) => `${name} (you)`,
    guest: 'Guest',
    screenOf: (name: string) => `${name}’s screen`,
    sharing: 'You are sharing your screen',
    muted: 'muted',
    isRinging: 'ringing',
    isReconnecting: 'reconnecting',
    reconnecting: 'Reconnecting …',
    waitingToBeLetIn: 'Waiting to be let in …',
    participants: 'Participants',
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    alone: 'Nobody else is here yet',
    aloneDetail: 'Send somebody the link, or wait for them here.',
    controls: 'Call controls',
    mute: 'Mute microphone',
    unmute: 'Unmute microphone',
    startCamera: 'Start camera',
    stopCamera: 'Stop camera',
    shareScreen: 'Share screen',
    stopSharing: 'Stop sharing',
    leave: 'Leave call',
    endForAll: 'End for all',
    mayNotEnd: 'Only a presenter can end the call for everyone.',
    actionFailed: 'That did not work. Please try again.',
    absent: {
      declined: (name: string) => `${name} declined`,
      busy: (name: string) => `${name} is in another call`,
      no_answer: (name: string) => `${name} did not answer`,
      offline: (name: string) => `${name} is not online`,
    } as Partial<Record<EndReasonName, (name: string) => string>>,
  },
} as const;

const signInProblems: Readonly<Record<string, string>> = {
  invalid_grant: 'That e-mail and password do not go together.',
  invalid_client: 'That application key is not known here.',
  unauthenticated: 'You have been signed out. Please sign in again.',
  token_expired: 'Your session has run out. Please sign in again.',
  token_revoked: 'You have been signed out by an administrator.',
  forbidden: 'You may not make calls from here.',
  too_many_requests: 'Too many attempts. Wait a minute, then try again.',
  unreachable: 'The server does not answer. Check your network connection.',
  unavailable: 'The server cannot answer now. Try again in a moment.',
  timeout: 'The server did not answer in time. Try again in a moment.',
  protocol_mismatch: 'This page is out of date. Reload it.',
};

const guestProblems: Readonly<Record<string, string>> = {
  not_found: 'This link does not lead anywhere. Ask for a new one.',
  room_not_found: 'This room does not exist any more. Ask for a new link.',
  unauthenticated: 'This link does not work any more. Ask for a new one.',
  forbidden: 'This link does not work any more. Ask for a new one.',
  token_expired: 'Your visit has run out. Say your name to come in again.',
  token_revoked: 'You were asked to leave.',
  outside_room_window: 'The room is not open at this time.',
  room_full: 'The room is full. Try again when somebody has left.',
  invalid_request: 'That name cannot be used. Try a shorter one.',
};

/** What to tell somebody who was not let in, by the code of the refusal. */
export function doorWords(code: string, isGuest: boolean): string {
  return (
    (isGuest ? guestProblems[code] : undefined) ??
    signInProblems[code] ??
    'That did not work. Try again in a moment.'
  );
}

const deviceNames: Readonly<Record<LocalDevice, string>> = {
  camera: 'camera',
  microphone: 'microphone',
  screen: 'screen',
};

const deviceProblems: Readonly<Record<MediaDeviceFailure, (device: string) => Words>> = {
  permission_denied: (device) => ({
    title: `Your ${device} is blocked`,
    detail: `Allow it beside the address of this page, then try again. You can also go on without.`,
  }),
  device_not_found: (device) => ({
    title: `No ${device} was found`,
    detail: 'Plug one in, then try again. You can also go on without.',
  }),
  device_busy: (device) => ({
    title: `Another application uses your ${device}`,
    detail: 'Close it there, then try again. You can also go on without.',
  }),
  failed: (device) => ({
    title: `Your ${device} did not start`,
    detail: 'Choose another one or plug it in again, then try again. You can also go on without.',
  }),
};

export function deviceWords(device: LocalDevice, failure: MediaDeviceFailure): Words {
  return deviceProblems[failure](deviceNames[device]);
}

const nameOf = (target: CallTarget): string => target.name ?? target.id;

const endings: Readonly<Record<EndReasonName, (target: CallTarget) => Words>> = {
  hangup: (target) => ({
    title: 'The call has ended',
    detail: target.kind === 'person' ? `${nameOf(target)} hung up.` : 'Everybody has left.',
  }),
  ended_for_everyone: () => ({
    title: 'The call was ended for everyone',
    detail: 'Somebody who leads the call closed it.',
  }),
  removed: () => ({ title: 'You were removed from the call', detail: 'Somebody who leads the call did so.' }),
  alone: () => ({
    title: 'Nobody else was there any more',
    detail: 'The call has ended by itself after a while.',
  }),
  server_ended: () => ({
    title: 'The server ended the call',
    detail: 'It is probably being restarted. Try again in a moment.',
  }),
  unauthenticated: () => ({ title: 'Your session has ended', detail: 'Sign in again to make calls.' }),
  forbidden: () => ({
    title: 'You may not take part in this call',
    detail: 'Ask whoever runs it to let you in.',
  }),
  lobby_denied: () => ({
    title: 'You were not let in',
    detail: 'Ask whoever runs the call, then try again.',
  }),
  not_supported: () => ({ title: 'This call is not possible', detail: 'Nobody has that number here.' }),
  not_on_roster: () => ({
    title: 'You are not on the list of this room',
    detail: 'Ask whoever invited you to add you to it.',
  }),
  outside_room_window: () => ({
    title: 'This room is not open now',
    detail: 'Look at the invitation for the time, and come back then.',
  }),
  not_found: (target) => ({
    title:
      target.kind === 'person' ? `There is nobody called “${target.id}”` : `There is no room “${target.id}”`,
    detail: 'Check the spelling.',
  }),
  timeout: () => ({ title: 'The server did not answer in time', detail: 'Try again in a moment.' }),
  connection_lost: () => ({
    title: 'The connection was lost',
    detail: 'Check your network connection, then try again.',
  }),
  media_failed: () => ({
    title: 'Sound and picture could not get through',
    detail: 'A firewall or VPN may block them. Try another network.',
  }),
  media_unstable: () => ({
    title: 'The call broke off again and again',
    detail: 'The server has given it up. Start a new one.',
  }),
  media_excessive: () => ({ title: 'Too much was sent', detail: 'This device sends more than it may.' }),
  offline: (target) => ({
    title: `${nameOf(target)} is not online`,
    detail: 'Parley is not open on any of their devices.',
  }),
  busy: (target) => ({ title: `${nameOf(target)} is in another call`, detail: 'Try again in a while.' }),
  canceled: () => ({ title: 'The call was canceled', detail: 'The caller hung up before it was answered.' }),
  joined_elsewhere: () => ({ title: 'You are in this call on another device', detail: 'It took over.' }),
  answered_elsewhere: () => ({
    title: 'Answered on another device',
    detail: 'The call goes on where it was accepted.',
  }),
  no_answer: (target) => ({
    title: `${nameOf(target)} did not answer`,
    detail: 'Try again in a while.',
  }),
  room_full: () => ({ title: 'The room is full', detail: 'Try again when somebody has left.' }),
  failed: () => ({ title: 'The call failed', detail: 'Something went wrong on the server. Try again.' }),
  declined: (target) => ({
    title: `${nameOf(target)} declined the call`,
    detail: 'Perhaps at another time.',
  }),
};

/** What to tell somebody about the end of their call. */
export function endWords({ reason, target, endedHere }: Outcome): Words {
  if (endedHere && reason === 'hangup') {
    return {
      title: 'You left the call',
      detail: target.kind === 'person' ? `With ${nameOf(target)}.` : 'You can go back in at any time.',
    };
  }

  if (endedHere && reason === 'ended_for_everyone') {
    return { title: 'You ended the call for everyone', detail: 'Nobody is in it any more.' };
  }

  return endings[reason](target);
}

/** What to tell somebody about an incoming call that stopped ringing without them. */
export function missedWords(reason: EndReasonName, caller: string): string {
  switch (reason) {
    case 'canceled':
    case 'no_answer':
      return texts.incoming.missed(caller);
    case 'answered_elsewhere':
      return texts.incoming.answeredElsewhere(caller);
    case 'declined':
      return texts.incoming.declinedElsewhere(caller);
    default:
      return texts.incoming.ended(caller);
  }
}
