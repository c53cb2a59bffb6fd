import { describe, expect, it } from 'vitest';
import { Notices } from './Notices.ts';

describe('Notices', () => {
  it('keeps the last three messages, and says what is repeated once', () => {
    const notices = new Notices();
    for (const title of ['a', 'b', 'c', 'a', 'd']) {
      notices.show(title);
    }
    expect(notices.get().map(({ title }) => title)).toEqual(['c', 'a', 'd']);
  });

  it('keeps a link to be copied by hand until it is dismissed', () => {
    const notices = new Notices();
    notices.show('link', { link: 'https://parley.example/join#abc' });
    for (const title of ['a', 'b', 'c', 'd']) {
      notices.show(title);
    }
    const [first] = notices.get();
    expect(first).toMatchObject({ title: 'link', link: 'https://parley.example/join#abc' });
    notices.dismiss(first?.id ?? 0);
    expect(notices.get().map(({ title }) => title)).toEqual(['b', 'c', 'd']);
  });
});
