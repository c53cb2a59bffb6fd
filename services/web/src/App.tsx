import { Tooltip } from 'radix-ui';
import { useState } from 'react';
import { CallScreen } from './call/CallScreen.tsx';
import type { Choices } from './devices/choices.ts';
import { GuestScreen } from './door/GuestScreen.tsx';
import { SignInScreen } from './door/SignInScreen.tsx';
import { WaitScreen } from './door/WaitScreen.tsx';
import { HomeScreen } from './home/HomeScreen.tsx';
import { IncomingCard } from './incoming/IncomingCard.tsx';
import type { Meeting } from './meeting/Meeting.ts';
import type { WebConfig } from './session/webConfig.ts';
import type { Notices } from './state/Notices.ts';
import { useStore } from './state/useStore.ts';
import { texts } from './texts.ts';
import { Toasts } from './ui/Toasts.tsx';

interface AppProps {
  meeting: Meeting;
  config: WebConfig;
  notices: Notices;
}

interface ScreenProps extends AppProps {
  choices: Choices;
  onChoices: (choices: Choices) => void;
}

/** The screen for where the person is, and what lies over every screen. */
export function App({ meeting, config, notices }: AppProps) {
  const { place, ringing } = useStore(meeting);
  const [incomingCall] = ringing;
  // A guest comes in without having seen their own picture, so their camera waits to be asked for.
  const [choices, setChoices] = useState<Choices>({ microphone: true, camera: place.door.kind === 'signIn' });

  return (
    <Tooltip.Provider delayDuration={350}>
      <Screen meeting={meeting} config={config} notices={notices} choices={choices} onChoices={setChoices} />
      {incomingCall === undefined ? undefined : (
        <IncomingCard
          key={incomingCall.id}
          incomingCall={incomingCall}
          onAccept={(camera) => meeting.accept(incomingCall, { ...choices, camera })}
          onDecline={() => void meeting.decline(incomingCall)}
        />
      )}
      <p className="visually-hidden" role="alert">
        {incomingCall === undefined
          ? undefined
          : texts.incoming.announcement(incomingCall.callerInfo.displayName)}
      </p>
      <Toasts notices={notices} side={place.at === 'call' ? 'aboveControls' : 'top'} />
    </Tooltip.Provider>
  );
}

function Screen({ meeting, config, notices, choices, onChoices }: ScreenProps) {
  const { place } = useStore(meeting);

  switch (place.at) {
    case 'door':
      return place.door.kind === 'guest' ? (
        <GuestScreen meeting={meeting} attempt={place.attempt} choices={choices} onChoices={onChoices} />
      ) : (
        <SignInScreen meeting={meeting} attempt={place.attempt} config={config} />
      );
    case 'returning':
      return <WaitScreen>{texts.door.returning}</WaitScreen>;
    case 'home':
      return (
        <HomeScreen
          meeting={meeting}
          home={place}
          demo={config.demo}
          notices={notices}
          choices={choices}
          onChoices={onChoices}
        />
      );
    case 'call':
      return (
        <CallScreen
          key={place.call.direction + place.target.id}
          meeting={meeting}
          place={place}
          notices={notices}
          guestLink={place.target.id === config.demo?.room.id ? config.demo.room.guestLink : undefined}
        />
      );
    default:
      return place satisfies never;
  }
}
