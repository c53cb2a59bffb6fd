import { describe, expect, it } from 'vitest';
import { pressed, shortcutsFor } from './shortcuts.ts';

const nothing = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false };

describe('shortcuts', () => {
  it('are written as the machine writes them', () => {
    expect(shortcutsFor(false).share).toMatchObject({ keys: 'Ctrl + Shift + E', aria: 'Control+Shift+E' });
    expect(shortcutsFor(true).share).toMatchObject({ keys: '⌘⇧E', aria: 'Meta+Shift+E' });
  });

  it('tell camera and share apart by the shift key', () => {
    const shortcuts = shortcutsFor(false);
    expect(pressed(shortcuts, { ...nothing, key: 'e', ctrlKey: true }, false)).toBe('camera');
    expect(pressed(shortcuts, { ...nothing, key: 'E', ctrlKey: true, shiftKey: true }, false)).toBe('share');
  });

  it('do nothing without their modifier, with another one, or while held down', () => {
    const shortcuts = shortcutsFor(false);
    expect(pressed(shortcuts, { ...nothing, key: 'd' }, false)).toBeUndefined();
    expect(pressed(shortcuts, { ...nothing, key: 'd', metaKey: true }, false)).toBeUndefined();
    expect(pressed(shortcuts, { ...nothing, key: 'd', ctrlKey: true, altKey: true }, false)).toBeUndefined();
    expect(pressed(shortcuts, { ...nothing, key: 'd', ctrlKey: true, repeat: true }, false)).toBeUndefined();
  });
});
