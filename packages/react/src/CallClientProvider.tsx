import {
  CallClientFactory,
  type CallClient,
  type CallClientOptions,
  type CommunicationUserCredential,
} from '@parley/calling';
import { useCallback, useMemo, type ReactNode } from 'react';
import { clientContext } from './clientContext.ts';
import { IncomingCallList } from './IncomingCallList.ts';
import { useLatest } from './useLatest.ts';
import { useResource } from './useResource.ts';

export type CallClientProviderProps = {
  readonly children?: ReactNode;
} & (
  | {
      /**
       * As `CallClientFactory.create()` takes it. Another one makes another client, and ends the calls of the one before: make a
       * `CommunicationUserCredential` once, outside of the component or in `useState`.
       */
      readonly credential: string | CommunicationUserCredential;
      /** Looked at when the client is made. With another `key` the provider makes another one. */
      readonly options?: CallClientOptions;
      readonly client?: never;
    }
  | {
      /** A client of the application's own, which the provider neither makes nor disposes. */
      readonly client: CallClient;
      readonly credential?: never;
      readonly options?: never;
    }
);

/**
 * Gives the components in it a client: connects when it is mounted, and disposes what it has made when it is unmounted. Mounted
 * again it connects again, when the client before is disposed. Under StrictMode it makes one client.
 *
 * @example
 * const credential = new CommunicationUserCredential(fetchToken);
 * <CallClientProvider credential={credential}><Calls /></CallClientProvider>
 */
export function CallClientProvider({
  children,
  credential,
  options,
  client: given,
}: CallClientProviderProps) {
  const latestOptions = useLatest(options);
  const open = useCallback(
    () =>
      given === undefined
        ? connect(credential, latestOptions.current)
        : Promise.resolve(withIncomingCalls(given, () => {})),
    [given, credential, latestOptions],
  );
  const { value, error } = useResource(open);
  const client = given ?? value?.client;
  const incomingCalls = value?.incomingCalls;
  const context = useMemo(() => ({ client, incomingCalls, error }), [client, incomingCalls, error]);

  return <clientContext.Provider value={context}>{children}</clientContext.Provider>;
}

async function connect(
  credential: string | CommunicationUserCredential,
  options: CallClientOptions | undefined,
) {
  const client = await CallClientFactory.create(credential, options);

  return withIncomingCalls(client, () => client.dispose());
}

/** Listens from the first moment on, so that nobody rings unheard. */
function withIncomingCalls(client: CallClient, disposeClient: () => unknown) {
  const incomingCalls = new IncomingCallList(client);
  const dispose = (): unknown => {
    incomingCalls.dispose();

    return disposeClient();
  };

  return { client, incomingCalls, dispose };
}
