import { describe, expect, it } from 'vitest';
import { Disposer } from './Disposer.ts';

describe('Disposer', () => {
  it('runs clean-ups once, the newest first', () => {
    const disposer = new Disposer();
    const order: string[] = [];
    disposer.add(() => order.push('older'));
    disposer.add(() => order.push('newer'));

    disposer.dispose();
    disposer.dispose();

    expect(order).toEqual(['newer', 'older']);
  });

  it('runs a clean-up that arrives after dispose() at once', () => {
    const disposer = new Disposer();
    disposer.dispose();
    let cleaned = false;

    disposer.add(() => {
      cleaned = true;
    });

    expect(cleaned).toBe(true);
  });

  it('runs every clean-up though one throws, then throws that error', () => {
    const disposer = new Disposer();
    let cleaned = false;
    disposer.add(() => {
      cleaned = true;
    });
    disposer.add(() => {
      throw new Error('stuck');
    });

    expect(() => disposer.dispose()).toThrow('stuck');
    expect(cleaned).toBe(true);
  });
});
