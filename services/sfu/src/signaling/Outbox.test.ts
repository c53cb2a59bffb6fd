import type { Notification } from '@parley/protocol';
import { expect, it } from 'vitest';
import { Outbox } from './Outbox.ts';

const about = (callId: string): Notification => ({ name: 'callEnded', data: { callId, reason: 'hangup' } });

it('keeps what is raised while it is held and sends it in order once released', () => {
  const sent: unknown[] = [];
  const outbox = new Outbox((notification) => sent.push(notification));
  outbox.notify(about('first'));
  outbox.hold();
  outbox.notify(about('second'));
  outbox.notify(about('third'));
  expect(sent).toEqual([about('first')]);

  outbox.release();
  outbox.notify(about('fourth'));
  expect(sent).toEqual(['first', 'second', 'third', 'fourth'].map(about));
});
