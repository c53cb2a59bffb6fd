import type { CallClient } from '@parley/calling';
import { createContext, useContext } from 'react';
import type { IncomingCallList } from './IncomingCallList.ts';

/** What a `CallClientProvider` has for the components in it. */
export interface ClientContext {
  /** Undefined until it is connected, and when it could not be. */
  readonly client: CallClient | undefined;
  readonly incomingCalls: IncomingCallList | undefined;
  /** Why there is no client. */
  readonly error: unknown;
}

export const clientContext = createContext<ClientContext | undefined>(undefined);

export function useClientContext(): ClientContext {
  const context = useContext(clientContext);
  if (context === undefined) {
    throw new Error('The hooks of @parley/react need a <CallClientProvider> around the component.');
  }

  return context;
}
