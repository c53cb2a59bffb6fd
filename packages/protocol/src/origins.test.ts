import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origins.ts';

describe('isOriginAllowed', () => {
  it('takes a listed origin and no other scheme, host or port', () => {
    const patterns = ['https://app.example'];

    expect(isOriginAllowed('https://app.example', patterns)).toBe(true);
    expect(isOriginAllowed('http://app.example', patterns)).toBe(false);
    expect(isOriginAllowed('https://app.example:8443', patterns)).toBe(false);
    expect(isOriginAllowed('https://app.example.evil.example', patterns)).toBe(false);
  });

  it('takes every port of a host listed with :*, the default one too', () => {
    const patterns = ['http://localhost:*'];

    expect(isOriginAllowed('http://localhost:5173', patterns)).toBe(true);
    expect(isOriginAllowed('http://localhost', patterns)).toBe(true);
    expect(isOriginAllowed('https://localhost:5173', patterns)).toBe(false);
    expect(isOriginAllowed('http://localhost.evil.example:5173', patterns)).toBe(false);
  });

  it('takes no opaque origin and nothing at all from an empty list', () => {
    expect(isOriginAllowed('null', ['http://localhost:*'])).toBe(false);
    expect(isOriginAllowed('https://app.example', [])).toBe(false);
  });
});
