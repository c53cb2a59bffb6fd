import { describe, expect, it } from 'vitest';
import { OwnMedia } from '../call/OwnMedia.ts';
import { Notices } from '../state/Notices.ts';
import { fakeCall, fakeClient, fakeDevices } from '../testing/fakes.ts';
import { nextPlace, type Place, type PlaceEvent } from './place.ts';

const client = fakeClient();
const call = fakeCall();
const media = new OwnMedia(call, {
  devices: fakeDevices(),
  notices: new Notices(),
  startsWithCamera: false,
});
const session = { kind: 'user', token: 'token' } as const;
const target = { kind: 'person', id: 'bob', name: 'Bob' } as const;
const door = { kind: 'signIn' } as const;

const places: Record<Place['at'], Place> = {
  door: { at: 'door', door, attempt: { is: 'open' } },
  returning: { at: 'returning', door },
  home: { at: 'home', door, client, session, outcome: undefined },
  call: { at: 'call', door, client, session, call, target, media, isLeaving: false },
};

const steps = (place: Place, ...events: PlaceEvent[]): Place => events.reduce(nextPlace, place);

describe('nextPlace', () => {
  it('leads from the door home, into a call and home again with its outcome', () => {
    const place = steps(
      places.door,
      { type: 'attempted', who: 'alice' },
      { type: 'entered', client, session },
      { type: 'callStarted', call, target, media },
      { type: 'callEnded', call, reason: 'declined' },
    );
    expect(place).toMatchObject({
      at: 'home',
      outcome: { reason: 'declined', target, endedHere: false },
    });
  });

  it('remembers who ended the call', () => {
    const left = steps(places.call, { type: 'leaving' }, { type: 'callEnded', call, reason: 'hangup' });
    expect(left).toMatchObject({ outcome: { endedHere: true } });
    const stayed = steps(
      places.call,
      { type: 'leaving' },
      { type: 'stayed' },
      { type: 'callEnded', call, reason: 'hangup' },
    );
    expect(stayed).toMatchObject({ outcome: { endedHere: false } });
  });

  it('forgets the last outcome when the next call begins', () => {
    const place = steps(
      places.call,
      { type: 'callEnded', call, reason: 'busy' },
      { type: 'callStarted', call, target, media },
      { type: 'callEnded', call, reason: 'no_answer' },
      { type: 'outcomeDismissed' },
    );
    expect(place).toMatchObject({ at: 'home', outcome: undefined });
  });

  it('ignores the end of a call that another one has replaced', () => {
    expect(nextPlace(places.call, { type: 'callEnded', call: fakeCall(), reason: 'hangup' })).toBe(
      places.call,
    );
  });

  it('leads back to the same door with the reason when the session ends', () => {
    const guest = { ...places.call, door: { kind: 'guest', code: 'abc' } } as Place;
    expect(nextPlace(guest, { type: 'sessionEnded', code: 'token_expired' })).toEqual({
      at: 'door',
      door: { kind: 'guest', code: 'abc' },
      attempt: { is: 'refused', code: 'token_expired' },
    });
  });

  it('changes nothing for an answer that comes too late', () => {
    expect(nextPlace(places.home, { type: 'refused', code: 'timeout' })).toBe(places.home);
    expect(nextPlace(places.door, { type: 'callEnded', call, reason: 'hangup' })).toBe(places.door);
    expect(nextPlace(places.door, { type: 'callStarted', call, target, media })).toBe(places.door);
    expect(nextPlace(places.returning, { type: 'attempted', who: 'alice' })).toBe(places.returning);
  });
});
