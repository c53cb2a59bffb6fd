import { endReasonNames, errorCodes } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { deviceWords, doorWords, endWords, missedWords, texts } from './texts.ts';

const bob = { kind: 'person', id: 'bob', name: 'Bob' } as const;
const room = { kind: 'room', id: 'daily', name: 'Daily' } as const;

describe('endWords', () => {
  it.each(endReasonNames)('says in words of its own that a call ended with %s', (reason) => {
    for (const target of [bob, room]) {
      const { title, detail } = endWords({ reason, target, endedHere: false });
      expect(title).toMatch(/^\S.{5,}/u);
      expect(detail).toMatch(/\.$/u);
      expect(`${title} ${detail}`).not.toMatch(/undefined|_/u);
    }
  });

  it('says different things of different reasons', () => {
    const titles = endReasonNames.map((reason) => endWords({ reason, target: bob, endedHere: false }).title);
    expect(new Set(titles).size).toBe(endReasonNames.length);
  });

  it('names whom the call was for', () => {
    expect(endWords({ reason: 'declined', target: bob, endedHere: false }).title).toContain('Bob');
    expect(endWords({ reason: 'not_found', target: room, endedHere: false }).title).toContain('daily');
  });

  it('tells leaving from being left', () => {
    const left = endWords({ reason: 'hangup', target: bob, endedHere: true });
    const wasLeft = endWords({ reason: 'hangup', target: bob, endedHere: false });
    expect(left.title).toBe('You left the call');
    expect(wasLeft.detail).toBe('Bob hung up.');
  });
});

describe('missedWords', () => {
  it('calls a call missed only when nobody answered it', () => {
    expect(missedWords('canceled', 'Alice')).toBe('You missed a call from Alice');
    expect(missedWords('no_answer', 'Alice')).toBe('You missed a call from Alice');
    for (const reason of endReasonNames.filter((name) => name !== 'canceled' && name !== 'no_answer')) {
      expect(missedWords(reason, 'Alice')).not.toContain('missed');
    }
  });
});

describe('deviceWords', () => {
  const failures = ['permission_denied', 'device_not_found', 'device_busy', 'failed'] as const;

  it('says of each device and failure what happened and what to do', () => {
    const titles = (['camera', 'microphone', 'screen'] as const).flatMap((device) =>
      failures.map((failure) => {
        const { title, detail } = deviceWords(device, failure);
        expect(title).toContain(device);
        expect(detail).toContain('try again');

        return title;
      }),
    );
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe('what a guest comes with', () => {
  it('is said of each device by itself', () => {
    expect(texts.door.comingWith({ microphone: true, camera: false })).toBe('Microphone on, camera off');
    expect(texts.door.comingWith({ microphone: false, camera: true })).toBe('Microphone off, camera on');
  });
});

describe('doorWords', () => {
  it('has a sentence for every code, known or not', () => {
    for (const code of [...errorCodes, 'invalid_grant', 'unreachable', 'whatever']) {
      expect(doorWords(code, false)).toMatch(/\.$/u);
      expect(doorWords(code, true)).toMatch(/\.$/u);
    }
  });

  it('speaks of the link to a guest and of the password to a user', () => {
    expect(doorWords('not_found', true)).toContain('link');
    expect(doorWords('invalid_grant', false)).toContain('password');
  });
});
