import { useEffect, useState } from 'react';
import { App } from './App.tsx';
import { UnreachableScreen } from './door/UnreachableScreen.tsx';
import { WaitScreen } from './door/WaitScreen.tsx';
import type { Meeting } from './meeting/Meeting.ts';
import type { WebConfig } from './session/webConfig.ts';
import type { Notices } from './state/Notices.ts';
import { texts } from './texts.ts';

type Progress =
  | { readonly is: 'loading' }
  | { readonly is: 'unreachable' }
  | { readonly is: 'ready'; readonly config: WebConfig; readonly meeting: Meeting };

interface StartProps {
  notices: Notices;
  loadConfig: () => Promise<WebConfig>;
  openMeeting: () => Meeting;
}

/** From an empty page to the door. */
export function Start({ notices, loadConfig, openMeeting }: StartProps) {
  const [progress, setProgress] = useState<Progress>({ is: 'loading' });

  useEffect(() => {
    if (progress.is !== 'loading') {
      return undefined;
    }
    let isCurrent = true;
    const load = async (): Promise<Progress> => {
      try {
        return { is: 'ready', config: await loadConfig(), meeting: openMeeting() };
      } catch {
        return { is: 'unreachable' };
      }
    };
    void load().then((loaded) => (isCurrent ? setProgress(loaded) : undefined));

    return () => {
      isCurrent = false;
    };
  }, [progress, loadConfig, openMeeting]);

  if (progress.is === 'loading') {
    return <WaitScreen>{texts.loading}</WaitScreen>;
  }
  if (progress.is === 'unreachable') {
    return <UnreachableScreen onTryAgain={() => setProgress({ is: 'loading' })} />;
  }

  return <App meeting={progress.meeting} config={progress.config} notices={notices} />;
}
