import { describe, expect, it } from 'vitest';
import { maxChatTextLength } from './chat.ts';
import { maxCustomItems } from './customItems.ts';
import { maxSpotlights, requestTable, type RequestName } from './requests.ts';
import { surveyIssues } from './survey.ts';

const takes = (name: RequestName, data: object): boolean =>
  requestTable[name].data.safeParse({ callId: 'call', ...data }).success;

const loneSurrogate = '\ud83d';

describe('a chat message', () => {
  it('is text of some length, in whole characters', () => {
    expect(takes('sendChat', { text: 'Hello 👋\nhow are you?' })).toBe(true);
    expect(takes('sendChat', { text: 'x'.repeat(maxChatTextLength) })).toBe(true);
    expect(takes('sendChat', { text: 'x'.repeat(maxChatTextLength + 1) })).toBe(false);
    expect(takes('sendChat', { text: '' })).toBe(false);
    expect(takes('sendChat', { text: `Hello ${loneSurrogate}` })).toBe(false);
  });
});

describe('a reaction', () => {
  it('is a few characters that can be seen', () => {
    expect(takes('sendReaction', { reaction: '👏🏽' })).toBe(true);
    expect(takes('sendReaction', { reaction: 'laugh' })).toBe(true);

    for (const reaction of ['', 'x'.repeat(33), 'a\nb', '\u202eabc', loneSurrogate]) {
      expect(takes('sendReaction', { reaction })).toBe(false);
    }
  });
});

describe('custom items', () => {
  const items = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x']));

  it('are strings by name, of which null removes one', () => {
    expect(takes('setCustomData', { items: { 'order.id': '17', topic: null } })).toBe(true);
    expect(takes('setCustomData', { items: items(maxCustomItems) })).toBe(true);
    expect(takes('setCustomData', { items: items(maxCustomItems + 1) })).toBe(false);
    expect(takes('setCustomData', { items: { 'a b': 'x' } })).toBe(false);
    expect(takes('setCustomData', { items: { topic: 7 } })).toBe(false);
    expect(takes('setCustomData', { items: { topic: 'x'.repeat(1_025) } })).toBe(false);
    expect(takes('setCustomData', { items: { topic: loneSurrogate } })).toBe(false);
  });

  it('have no item with the name of the prototype, and give none to it', () => {
    const data = { callId: 'call', items: JSON.parse('{"__proto__":"x","topic":"y"}') as unknown };
    const parsed = requestTable.setCustomData.data.parse(data).items;

    expect(Object.getOwnPropertyNames(parsed)).toEqual(['topic']);
    expect(Object.getPrototypeOf(parsed)).not.toBe('x');
  });
});

describe('the spotlight', () => {
  it(`is on at most ${maxSpotlights}, or on nobody`, () => {
    const ids = Array.from({ length: maxSpotlights + 1 }, (_, index) => `p${index}`);

    expect(takes('setSpotlight', { participantIds: [] })).toBe(true);
    expect(takes('setSpotlight', { participantIds: ids.slice(1) })).toBe(true);
    expect(takes('setSpotlight', { participantIds: ids })).toBe(false);
  });
});

describe('a survey', () => {
  const survey = (changed: object) =>
    takes('submitSurvey', { participantId: 'p', survey: { rating: 3, ...changed } });

  it('has a rating from 1 to 5, and issues out of a list', () => {
    expect([1, 5].map((rating) => survey({ rating }))).toEqual([true, true]);
    expect([0, 6, 2.5, '3', null].filter((rating) => survey({ rating }))).toEqual([]);
    expect(survey({ issues: [...surveyIssues], comment: 'It was fine.' })).toBe(true);
    expect(survey({ issues: ['boring'] })).toBe(false);
  });

  it('has no comment that PostgreSQL would refuse: it would be answered, and never recorded', () => {
    for (const unwritable of [loneSurrogate, 'a\u0000b']) {
      expect(survey({ comment: unwritable })).toBe(false);
    }
    expect(survey({ comment: 'Fine 🎉\n\ttwice' })).toBe(true);
  });
});

describe('muting others', () => {
  it('concerns everybody, or at least somebody', () => {
    expect(takes('muteParticipants', {})).toBe(true);
    expect(takes('muteParticipants', { participantIds: ['p'] })).toBe(true);
    expect(takes('muteParticipants', { participantIds: [] })).toBe(false);
  });
});

describe('a changed role', () => {
  it('is one of the table', () => {
    expect(takes('changeRole', { participantId: 'p', role: 'presenter' })).toBe(true);
    expect(takes('changeRole', { participantId: 'p', role: 'owner' })).toBe(false);
  });
});

describe('a viewport', () => {
  const viewport = (width: number, height: number) =>
    takes('setViewports', { viewports: [{ consumerId: 'c', width, height }] });

  it('is measured in whole device pixels', () => {
    expect(viewport(1_280, 720)).toBe(true);
    expect([viewport(0, 720), viewport(12.5, 7), viewport(1e6, 720)]).toEqual([false, false, false]);
  });
});
