/** A key together with Ctrl, or with ⌘ on Apple's machines. */
export interface Shortcut {
  /** As a person reads it. */
  readonly keys: string;
  /** For `aria-keyshortcuts`. */
  readonly aria: string;
  /** `KeyboardEvent.key` in lower case. */
  readonly key: string;
  readonly withShift: boolean;
}

export interface Shortcuts {
  readonly microphone: Shortcut;
  readonly camera: Shortcut;
  readonly share: Shortcut;
  readonly leave: Shortcut;
}

type Modifiers = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'repeat'>;

/**
 * The shortcuts of a call, those that people know from other meeting pages. All need a modifier, so that none is
 * pressed by mistake while somebody dictates or types (WCAG 2.1.4).
 */
export function shortcutsFor(isApple: boolean): Shortcuts {
  return {
    microphone: shortcut('d', false, isApple),
    camera: shortcut('e', false, isApple),
    share: shortcut('e', true, isApple),
    leave: shortcut('h', true, isApple),
  };
}

function shortcut(key: string, withShift: boolean, isApple: boolean): Shortcut {
  const letter = key.toUpperCase();
  const names = isApple ? ['⌘', '⇧', ''] : ['Ctrl', 'Shift', ' + '];
  const [control = '', shift = '', join = ''] = names;

  return {
    keys: [control, ...(withShift ? [shift] : []), letter].join(join),
    aria: [isApple ? 'Meta' : 'Control', ...(withShift ? ['Shift'] : []), letter].join('+'),
    key,
    withShift,
  };
}

/** The shortcut that was pressed; undefined for any other key, and while one is held down. */
export function pressed(
  shortcuts: Shortcuts,
  event: Modifiers,
  isApple: boolean,
): keyof Shortcuts | undefined {
  if (event.repeat || event.altKey || (isApple ? !event.metaKey : !event.ctrlKey)) {
    return undefined;
  }
  const names = ['microphone', 'camera', 'share', 'leave'] as const;

  return names.find(
    (name) => shortcuts[name].key === event.key.toLowerCase() && shortcuts[name].withShift === event.shiftKey,
  );
}
