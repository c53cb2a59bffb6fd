import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { startOnCore } from '@parley/test-kit/bench';
import type { InjectedSender, InjectorReady, InjectorReport, InjectorRequest } from './messages.ts';

/** The process that sends and counts, from the side of the bench. */
export class Injector {
  readonly countedPort: number;
  readonly ignoredPort: number;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, ready: InjectorReady) {
    this.#process = child;
    this.countedPort = ready.countedPort;
    this.ignoredPort = ready.ignoredPort;
  }

  static async start(core: number): Promise<Injector> {
    const child = startOnCore(core, join(import.meta.dirname, 'injectorProcess.ts'));
    const [ready] = (await once(child, 'message')) as [InjectorReady];

    return new Injector(child, ready);
  }

  add(sender: InjectedSender): void {
    this.#send({ name: 'add', sender });
  }

  setSending(ssrc: number, isSending: boolean): void {
    this.#send({ name: 'setSending', ssrc, isSending });
  }

  reset(): void {
    this.#send({ name: 'reset' });
  }

  async report(): Promise<InjectorReport> {
    const answered = once(this.#process, 'message');
    this.#send({ name: 'report' });

    return (await answered)[0] as InjectorReport;
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }

  #send(request: InjectorRequest): void {
    this.#process.send(request);
  }
}
