import type { RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import type { Request } from '../signaling/request.ts';

type Handler<Name extends RequestName> = (
  data: RequestData<Name>,
) => RequestAnswer<Name> | Promise<RequestAnswer<Name>>;

/** The requests of one call, answered as the test says, without a connection. */
export class FakeRequests {
  readonly #requests: { name: string; data: unknown }[] = [];
  readonly #handlers = new Map<string, (data: never) => unknown>();

  on<Name extends RequestName>(name: Name, handler: Handler<Name>): void {
    this.#handlers.set(name, handler);
  }

  /** Those of one name so far. */
  asked<Name extends RequestName>(name: Name): RequestData<Name>[] {
    return this.#requests.flatMap((request) =>
      request.name === name ? [request.data as RequestData<Name>] : [],
    );
  }

  readonly request: Request = async (name, data) => {
    this.#requests.push({ name, data });
    const answer = await this.#handlers.get(name)?.(data as never);

    // Each handler was registered for the answer of its name; those without data answer with an empty object.
    return (answer ?? {}) as RequestAnswer<typeof name>;
  };
}
