import { describe, expect, it } from 'vitest';
import { createStateMachine, InvalidTransitionError } from './stateMachine.ts';

const door = (onChange?: (to: string, from: string) => void) =>
  createStateMachine<'open' | 'closed' | 'locked'>({
    name: 'Door',
    initial: 'open',
    transitions: { open: ['closed'], closed: ['open', 'locked'], locked: ['closed'] },
    ...(onChange === undefined ? {} : { onChange }),
  });

describe('createStateMachine', () => {
  it('takes a step of the table and tells both ends of it', () => {
    const steps: string[] = [];
    const machine = door((to, from) => steps.push(`${from} to ${to}`));

    machine.go('closed');

    expect(machine.state).toBe('closed');
    expect(steps).toEqual(['open to closed']);
  });

  it('refuses a step outside the table and stays where it is', () => {
    const machine = door();

    expect(machine.canGo('locked')).toBe(false);
    expect(() => machine.go('locked')).toThrow(InvalidTransitionError);
    expect(machine.state).toBe('open');
  });
});
