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
  /** The agent, or the one that is being made. */
  #agent: Promise<CallAgent> | undefined;
  /** The agent that was made last. */
  #made: CallAgent | undefined;

  /** @param options As `CallClientFactory.create()` takes them. */
  constructor(options: CallClientOptions = {}) {
    this.#options = options;
  }

  /**
   * Connects to the server. There is one agent at a time: another may be made when the one before was disposed, or could not
   * connect.
   * @throws TypeError and CallError as `CallClientFactory.create()` does.
   * @throws CallError `invalid_state` when there is an agent already.
   */
  async createCallAgent(
    credential: string | CommunicationUserCredential,
    options: CallAgentOptions = {},
  ): Promise<CallAgent> {
    if (this.#agent !== undefined && this.#made?.connectionState !== 'Disconnected') {
      throw new CallError('invalid_state', 'This client has an agent already.');
    }
    this.#made = undefined;
    this.#agent = this.#connect(credential, options);
    try {
      this.#made = await this.#agent;

      return this.#made;
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
