import { CallClientFactory } from '../index.ts';
import type { CallClientOptions } from '../client/clientTypes.ts';
import type { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
import type { DeviceManager } from '../devices/deviceTypes.ts';
import { CallError } from '../errors.ts';
import type { CallAgent, CallAgentOptions } from './releasedTypes.ts';

/**
 * The way to a client that the released SDK has.
 *
 * @example
 * const callClient = new CallClient();
 * const callAgent = await callClient.createCallAgent(credential);
 * const call = callAgent.startCall([{ communicationUserId: 'bob' }]);
 */
export class CallClient {
  readonly #options: CallClientOptions;
  #agent: Promise<CallAgent> | undefined;

  /** @param options As `CallClientFactory.create()` takes them. */
  constructor(options: CallClientOptions = {}) {
    this.#options = options;
  }

  /**
   * Connects to the server, once.
   * @throws TypeError and CallError as `CallClientFactory.create()` does; after that it may be called again.
   * @throws CallError `invalid_state` when there is an agent already.
   */
  async createCallAgent(
    credential: string | CommunicationUserCredential,
    options: CallAgentOptions = {},
  ): Promise<CallAgent> {
    if (this.#agent !== undefined) {
      throw new CallError('invalid_state', 'This client has an agent already.');
    }
    this.#agent = this.#connect(credential, options);
    try {
      return await this.#agent;
    } catch (error) {
      this.#agent = undefined;
      throw error;
    }
  }

  /**
   * The agent's `deviceManager`.
   * @throws CallError `invalid_state` before `createCallAgent()`.
   */
  async getDeviceManager(): Promise<DeviceManager> {
    if (this.#agent === undefined) {
      throw new CallError('invalid_state', 'Devices come with the agent: call createCallAgent() first.');
    }
    const { deviceManager } = await this.#agent;

    return deviceManager;
  }

  /** Disposes the agent, if there is one. May be called more than once. */
  async dispose(): Promise<void> {
    const agent = await this.#agent?.catch(() => undefined);
    await agent?.dispose();
  }

  async #connect(
    credential: string | CommunicationUserCredential,
    { displayName }: CallAgentOptions,
  ): Promise<CallAgent> {
    const client = await CallClientFactory.create(credential, this.#options);
    if (displayName !== undefined && displayName !== client.identity.displayName) {
      this.#options.logger?.warn('the token says the name, not displayName');
    }

    return Object.defineProperty(client, 'displayName', {
      get: () => client.identity.displayName,
      configurable: true,
    }) as CallAgent;
  }
}
