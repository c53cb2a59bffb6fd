// @vitest-environment happy-dom
import { CallClientFactory, CallError, type CallClient } from '@parley/calling';
import { Activity, StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestClient } from '../../calling/src/testing/testClient.ts';
import { listenersOf } from '../test/support/listenersOf.ts';
import { act, render, renderHook, settle } from '../test/support/page.tsx';
import { CallClientProvider } from './CallClientProvider.tsx';
import { useCallClient } from './useCallClient.ts';
import { useConnectionState } from './useConnectionState.ts';

type Parts = Awaited<ReturnType<typeof createTestClient>>;

/** Every client that was made, and what was done with them in its order. */
let made: Parts[];
let story: string[];
/** What making a client waits for. */
let connecting: Promise<void>;
const create = vi.spyOn(CallClientFactory, 'create');

beforeEach(() => {
  made = [];
  story = [];
  connecting = Promise.resolve();
  create.mockReset();
  create.mockImplementation(async (credential) => {
    const name = typeof credential === 'string' ? credential : '';
    story.push(`create ${name}`);
    await connecting;
    const parts = await createTestClient();
    const dispose = parts.client.dispose.bind(parts.client);
    const disposeAndTell = async (): Promise<void> => {
      story.push(`dispose ${name}`);
      await dispose();
      story.push(`disposed ${name}`);
    };
    made.push({ ...parts, client: Object.assign(parts.client, { dispose: disposeAndTell }) });

    return parts.client;
  });
});

const connected = (): number => made.filter(({ server }) => server.isConnected).length;

/** Shows the client of the provider around it, and its connection. */
function Shown({ onClient }: { onClient?: (client: CallClient | undefined) => void }) {
  const client = useCallClient();
  onClient?.(client);

  return <p>{useConnectionState().state}</p>;
}

const page = (credential: string, children: ReactNode = <Shown />) => (
  <StrictMode>
    <CallClientProvider credential={credential}>{children}</CallClientProvider>
  </StrictMode>
);

describe('a provider with a credential', () => {
  it('makes one client under StrictMode, which mounts twice, and disposes it', async () => {
    const { container, unmount } = render(page('a'));
    expect(container.textContent).toBe('Connecting');

    await settle();
    expect(container.textContent).toBe('Connected');
    expect([create.mock.calls.length, connected()]).toEqual([1, 1]);
    unmount();
    await settle();

    expect(story).toEqual(['create a', 'dispose a', 'disposed a']);
    expect(connected()).toBe(0);
  });

  it('has the same client at every rendering, also with other options', async () => {
    const clients = new Set<CallClient | undefined>();
    const element = () => (
      <CallClientProvider credential="a" options={{ automatic: { rememberDevices: false } }}>
        <Shown onClient={(client) => clients.add(client)} />
      </CallClientProvider>
    );
    const { rerender } = render(element());
    await settle();
    rerender(element());
    rerender(element());
    await settle();

    expect(clients).toEqual(new Set([undefined, made[0]?.client]));
    expect(create.mock.calls).toEqual([['a', { automatic: { rememberDevices: false } }]]);
  });

  it('disposes a client that is connected only after it was unmounted', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    connecting = promise;
    const { unmount } = render(page('a'));
    await settle();
    unmount();
    await settle();
    expect(story).toEqual(['create a']);

    resolve();
    await settle();

    expect(story).toEqual(['create a', 'dispose a', 'disposed a']);
    expect(connected()).toBe(0);
  });

  it('with another credential disposes one client before it makes another, and shows neither meanwhile', async () => {
    const clients: (CallClient | undefined)[] = [];
    const children = <Shown onClient={(client) => clients.push(client)} />;
    const { rerender, container } = render(page('a', children));
    await settle();
    clients.length = 0;

    rerender(page('b', <Shown onClient={(client) => clients.push(client)} />));
    expect(clients).toContain(undefined);
    expect(clients).not.toContain(made[0]?.client);
    expect(container.textContent).toBe('Connecting');
    await settle();

    expect(story).toEqual(['create a', 'dispose a', 'disposed a', 'create b']);
    expect(clients.at(-1)).toBe(made[1]?.client);
    expect(connected()).toBe(1);
  });

  it('never begins to connect with a credential that was replaced before its turn', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    connecting = promise;
    const { rerender } = render(page('a'));
    await settle();
    rerender(page('b'));
    rerender(page('c'));
    resolve();
    await settle();

    expect(story).toEqual(['create a', 'dispose a', 'disposed a', 'create c']);
  });

  it('connects again when it is mounted again, and again when it was hidden and is shown', async () => {
    const { rerender, container } = render(page('a'));
    await settle();
    rerender(<p>Elsewhere</p>);
    await settle();
    expect(connected()).toBe(0);
    const shown = (mode: 'visible' | 'hidden') => <Activity mode={mode}>{page('b')}</Activity>;
    rerender(shown('visible'));
    await settle();
    rerender(shown('hidden'));
    await settle();
    expect(connected()).toBe(0);
    rerender(shown('visible'));
    expect(container.textContent).toBe('Connecting');
    await settle();

    expect(container.textContent).toBe('Connected');
    const [ofA, ofB] = ['create a,dispose a,disposed a', 'create b,dispose b,disposed b'];
    expect(story.join()).toBe(`${ofA},${ofB},create b`);
  });

  it('does not show a client that was connected while it was hidden, which is disposed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    connecting = promise;
    const clients: (CallClient | undefined)[] = [];
    const children = <Shown onClient={(client) => clients.push(client)} />;
    const shown = (mode: 'visible' | 'hidden') => <Activity mode={mode}>{page('a', children)}</Activity>;
    const { rerender } = render(shown('visible'));
    await settle();
    rerender(shown('hidden'));
    resolve();
    await settle();
    rerender(shown('visible'));
    await settle();

    expect(new Set(clients)).toEqual(new Set([undefined, made[1]?.client]));
    expect(story).toEqual(['create a', 'dispose a', 'disposed a', 'create a']);
  });

  it('that is unmounted at once never begins to connect', async () => {
    render(page('a')).unmount();
    await settle();

    expect(story).toEqual([]);
  });

  it('takes over in a browser what a server has rendered', async () => {
    const container = document.createElement('div');
    container.innerHTML = renderToString(page('a'));
    const shown = container.firstElementChild;
    expect(shown?.textContent).toBe('Connecting');
    const complaints: unknown[] = [];
    render(page('a'), { container, hydrate: true, onRecoverableError: (error) => complaints.push(error) });
    await settle();

    expect(container.firstElementChild).toBe(shown);
    expect(container.textContent).toBe('Connected');
    expect(complaints).toEqual([]);
  });

  it('says why it could not connect, and does so with the next credential', async () => {
    const refused = new CallError('token_expired');
    create.mockRejectedValueOnce(refused);
    const { result, rerender } = renderHook(
      () => ({ client: useCallClient(), connection: useConnectionState() }),
      { wrapper: ({ children }) => page(create.mock.calls.length === 0 ? 'a' : 'b', children) },
    );
    await settle();
    expect(result.current).toEqual({
      client: undefined,
      connection: { state: 'Disconnected', reason: refused },
    });

    rerender();
    await settle();

    expect(result.current.client).toBe(made[0]?.client);
    expect(result.current.connection).toEqual({ state: 'Connected', reason: undefined });
  });

  it('follows a connection that is lost', async () => {
    const { container } = render(page('a'));
    await settle();

    act(() => made[0]?.server.drop());
    expect(container.textContent).toBe('Connecting');
    act(() => made[0]?.clock.pass(60_000));
    await settle();

    expect(container.textContent).toBe('Connected');
  });
});

describe('a provider with a client', () => {
  it('has it from the first rendering on, and neither makes nor disposes one', async () => {
    const { client, server } = await createTestClient();
    const listeners = listenersOf(client);
    const clients: (CallClient | undefined)[] = [];
    const { unmount } = render(
      <StrictMode>
        <CallClientProvider client={client}>
          <Shown onClient={(one) => clients.push(one)} />
        </CallClientProvider>
      </StrictMode>,
    );
    await settle();
    expect(new Set(clients)).toEqual(new Set([client]));
    expect(listeners.count).toBeGreaterThan(0);
    unmount();
    await settle();

    expect(create).not.toHaveBeenCalled();
    expect(server.isConnected).toBe(true);
    expect(listeners.count).toBe(0);
  });
});

it('a hook outside of any provider says what is missing', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});

  expect(() => renderHook(() => useCallClient())).toThrow('<CallClientProvider>');
});
