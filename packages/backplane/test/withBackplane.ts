import { afterEach, beforeEach } from 'vitest';
import type { Backplane } from '../src/Backplane.ts';
import type { CreateBackplane } from './contract.ts';

export interface BackplaneUnderTest {
  readonly backplane: Backplane;
  /** What its listeners and its consumer have thrown. */
  readonly errors: readonly unknown[];
}

/** A fresh backplane for each test of the surrounding suite. */
export function withBackplane(create: CreateBackplane): BackplaneUnderTest {
  let backplane: Backplane;
  let errors: unknown[];

  beforeEach(async () => {
    errors = [];
    backplane = await create((error) => errors.push(error));
  });
  afterEach(() => backplane.close());

  return {
    get backplane() {
      return backplane;
    },
    get errors() {
      return errors;
    },
  };
}
