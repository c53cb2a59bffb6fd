import { describe, expect, it, vi } from 'vitest';
import { Emitter } from './Emitter.ts';

type Events = { said: [word: string]; left: [] };

describe('Emitter', () => {
  it('delivers to listeners in the order they were added', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    emitter.on('said', (word) => heard.push(`first ${word}`));
    emitter.on('said', (word) => heard.push(`second ${word}`));

    emitter.emit('said', 'hello');

    expect(heard).toEqual(['first hello', 'second hello']);
  });

  it('stops delivering once the disposer of on() was called', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<(word: string) => void>();
    const dispose = emitter.on('said', listener);

    dispose();
    emitter.emit('said', 'hello');

    expect(listener).not.toHaveBeenCalled();
  });

  it('delivers to a once() listener one time', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<() => void>();
    emitter.once('left', listener);

    emitter.emit('left');
    emitter.emit('left');

    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('keeps a throwing listener from breaking its neighbours and reports what it threw', () => {
    const errors: unknown[] = [];
    const emitter = new Emitter<Events>((error) => errors.push(error));
    const neighbour = vi.fn<() => void>();
    emitter.on('left', () => {
      throw new Error('broken listener');
    });
    emitter.on('left', neighbour);

    emitter.emit('left');

    expect(neighbour).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([new Error('broken listener')]);
  });

  it('does not deliver the present event to a listener added while it is being delivered', () => {
    const emitter = new Emitter<Events>();
    const late = vi.fn<() => void>();
    emitter.on('left', () => emitter.on('left', late));

    emitter.emit('left');

    expect(late).not.toHaveBeenCalled();
  });

  it('forgets a once() listener on off()', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<() => void>();
    emitter.once('left', listener);

    emitter.off('left', listener);
    emitter.emit('left');

    expect(listener).not.toHaveBeenCalled();
  });

  it('delivers to a once() listener one time when the event happens again while it is being delivered', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<() => void>();
    emitter.once('left', () => emitter.emit('left'));
    emitter.once('left', listener);

    emitter.emit('left');

    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('keeps an on() listener that is given to once() as well', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<() => void>();
    emitter.on('left', listener);
    emitter.once('left', listener);

    emitter.emit('left');
    emitter.emit('left');

    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('refuses a listener that is no function at once, and names the event', () => {
    const emitter = new Emitter<Events>();

    for (const add of [emitter.on.bind(emitter), emitter.once.bind(emitter)]) {
      expect(() => add('left', undefined as never)).toThrow(
        new TypeError('A listener of "left" must be a function.'),
      );
    }
    emitter.emit('left');
  });
});
