import { describe, expect, it } from 'vitest';
import { CallError } from './errors.ts';

class NarrowError extends CallError {}

describe('a CallError', () => {
  it('is one, and no narrower one, when another file of the SDK has made it', () => {
    const other = Object.assign(new Error('Not now.'), { name: 'CallError', code: 'invalid_state' });

    expect(other instanceof CallError).toBe(true);
    expect(other instanceof NarrowError).toBe(false);
  });

  it('is not what any other error is, nor what only looks like one', () => {
    expect(new Error('CallError') instanceof CallError).toBe(false);
    expect({ name: 'CallError', code: 'invalid_state' } instanceof CallError).toBe(false);
    expect(new CallError('timeout') instanceof NarrowError).toBe(false);
    expect(new NarrowError('timeout') instanceof NarrowError).toBe(true);
    expect(new NarrowError('timeout') instanceof CallError).toBe(true);
  });
});
