import { createRoot } from 'react-dom/client';
import { CallClientFactory } from '@parley/calling';
import * as z from 'zod/mini';
import { doorOf } from './meeting/doorOf.ts';
import { Meeting } from './meeting/Meeting.ts';
import { createRestApi } from './session/restApi.ts';
import { SessionKeeper } from './session/Session.ts';
import type { WebConfig } from './session/webConfig.ts';
import { Start } from './Start.tsx';
import { Notices } from './state/Notices.ts';
import './styles/base.css';

// By itself zod tries whether it may compile code at run time, which the page's Content-Security-Policy refuses
// and reports.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) {
  throw new Error('The page has no element with the id "root".');
}

const rest = createRestApi((...request) => fetch(...request));
const notices = new Notices();

createRoot(root).render(<Start notices={notices} loadConfig={loadConfig} openMeeting={openMeeting} />);

// The hash alone tells one guest link from another, and the browser loads nothing when only it changes.
window.addEventListener('hashchange', () => window.location.reload());

function loadConfig(): Promise<WebConfig> {
  return rest.loadConfig();
}

function openMeeting(): Meeting {
  return Meeting.open({
    rest,
    notices,
    sessions: new SessionKeeper(window.sessionStorage),
    door: doorOf(window.location),
    // The page talks to the server it came from, by whatever name it was reached.
    connect: (token) => CallClientFactory.create(token, { endpoint: window.location.origin }),
  });
}
