import { describe, expect, it } from 'vitest';
import { listsSpeakers } from './listsSpeakers.ts';

const pageWith = (element: object, mediaDevices: object | undefined): typeof globalThis =>
  ({
    HTMLMediaElement: { prototype: element },
    navigator: { mediaDevices },
  }) as unknown as typeof globalThis;

describe('a list without speakers', () => {
  it('says that there is none where a page may choose among all of them', () => {
    expect(listsSpeakers(pageWith({ setSinkId: () => {} }, {}))).toBe(true);
  });

  it('says nothing where a page cannot choose', () => {
    expect(listsSpeakers(pageWith({}, {}))).toBe(false);
  });

  it('says nothing in Firefox, which lists those that the person has chosen for the page', () => {
    expect(listsSpeakers(pageWith({ setSinkId: () => {} }, { selectAudioOutput: () => {} }))).toBe(false);
  });

  it('says nothing in a page that is not secure', () => {
    expect(listsSpeakers(pageWith({ setSinkId: () => {} }, undefined))).toBe(false);
  });
});
