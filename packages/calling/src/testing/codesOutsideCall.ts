import type { Call } from '../call/callTypes.ts';
import { createTestClient, nextTurn } from './testClient.ts';

/** With what codes something is refused before a call is entered, and after its end. */
export async function codesOutsideCall(act: (call: Call) => Promise<unknown>): Promise<unknown[]> {
  const { client } = await createTestClient();
  const call = client.join({ roomId: 'room-1' });
  const codeOf = () =>
    act(call).then(
      () => 'done',
      ({ code }: { code: unknown }) => code,
    );
  const before = await codeOf();
  await nextTurn();
  await call.hangUp();

  return [before, await codeOf()];
}
