import { HeldElsewhere } from './HeldElsewhere.ts';

interface Redirect {
  readonly action: 'redirect';
  readonly url: string;
}

/** What `enter` answers, or where the client is to ask for it. */
export async function orRedirect<Answer>(enter: () => Promise<Answer>): Promise<Answer | Redirect> {
  try {
    return await enter();
  } catch (error) {
    if (error instanceof HeldElsewhere) {
      return { action: 'redirect', url: error.url };
    }
    throw error;
  }
}
