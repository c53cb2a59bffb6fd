import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { locateChromium } from '@parley/setup';
import { run } from './run.ts';

type NetworkName = 'home' | 'away';

/** By which all machines know this host, from whichever of their networks. */
export const hostAddress = '10.77.0.1';

/** Whether this process has the right to make machines: root has. */
export async function canMakeMachines(): Promise<boolean> {
  const name = `parley-${process.pid}`;
  try {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['netns', 'exec', name, 'nft', 'list', 'ruleset']);

    return true;
  } catch {
    return false;
  } finally {
    await run('ip', ['netns', 'delete', name]).catch(() => {});
  }
}

/**
 * A machine beside this host: a network namespace with a cable to each of two networks, of which one is plugged in.
 * Needs the right to make namespaces, which root has.
 */
export class Machine implements AsyncDisposable {
  readonly #name: string;
  readonly #number: number;
  #network: NetworkName = 'home';

  private constructor(name: string, number: number) {
    this.#name = name;
    this.#number = number;
  }

  /**
   * @param name Short: the names of its cables begin with it.
   * @param number Up to 100, another one for each machine.
   */
  static async create(name: string, number: number): Promise<Machine> {
    const machine = new Machine(name, number);
    await machine[Symbol.asyncDispose]();
    await run('ip', ['address', 'replace', `${hostAddress}/32`, 'dev', 'lo']);
    await run('ip', ['netns', 'add', name]);
    await machine.#inside('ip', 'link', 'set', 'lo', 'up');
    for (const network of ['home', 'away'] as const) {
      const { here, there, subnet } = machine.#cable(network);
      await run('ip', ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name]);
      // IPv4 alone: an address of IPv6 follows when it is known to be nobody else's, up to two seconds after the cable is
      // plugged in, and Chromium takes up no address of the network until they have all stayed the same for a while.
      await machine.#inside('ip', 'link', 'set', there, 'addrgenmode', 'none');
      await run('ip', ['address', 'add', `${subnet}.1/24`, 'dev', here]);
      await run('ip', ['link', 'set', here, 'up']);
      // By whatever cable a packet came, it is answered from the address it was sent to.
      await run('ip', ['route', 'replace', `${subnet}.0/24`, 'dev', here, 'src', hostAddress]);
    }
    await machine.#plugIn('home');

    return machine;
  }

  /** Takes back the address that all machines know this host by. */
  static async forgetHost(): Promise<void> {
    await run('ip', ['address', 'delete', `${hostAddress}/32`, 'dev', 'lo']).catch(() => {});
  }

  /** From one network to the other in one step, as a phone leaves the house: the old address is gone. */
  async move(): Promise<void> {
    await this.#unplug();
    await this.#plugIn(this.#network === 'home' ? 'away' : 'home');
  }

  /** Nothing gets through for a while. */
  async unplug(): Promise<void> {
    await this.#unplug();
  }

  async plugIn(): Promise<void> {
    await this.#plugIn(this.#network);
  }

  /** From here on this network lets no UDP through, as those of some offices do. */
  async blockUdp(): Promise<void> {
    await this.#filter('udp dport 0-65535 drop');
  }

  /** This share of all UDP packets gets lost, each way. */
  async losePackets(percent: number): Promise<void> {
    await this.#filter(`meta l4proto udp numgen random mod 100 < ${percent} drop`);
  }

  /** Lets everything through again. */
  async clearFilters(): Promise<void> {
    await this.#inside('nft', 'delete', 'table', 'inet', 'filters').catch(() => {});
  }

  /** From here on what goes to one of these ports of any host arrives at another one, and the answers come from the first. */
  async redirect(ports: ReadonlyMap<number, number>): Promise<void> {
    const rules = [...ports].flatMap(([from, to]) =>
      ['tcp', 'udp'].map((protocol) => `${protocol} dport ${from} dnat to ${hostAddress}:${to};`),
    );
    const chain = `chain output { type nat hook output priority -100; ${rules.join(' ')} };`;
    await this.#inside('nft', `table ip redirections { ${chain} }`);
  }

  /** A program that runs the browser on this machine. */
  async browserExecutable(folder: string): Promise<string> {
    const path = join(folder, `chromium-on-${this.#name}.sh`);
    await writeFile(path, `#!/bin/sh\nexec ip netns exec ${this.#name} ${await locateChromium()} "$@"\n`);
    await chmod(path, 0o755);

    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const network of ['home', 'away'] as const) {
      // Before the namespace, which takes its ends along only by and by.
      await run('ip', ['link', 'delete', this.#cable(network).here]).catch(() => {});
    }
    await run('ip', ['netns', 'delete', this.#name]).catch(() => {});
  }

  #cable(network: NetworkName): { here: string; there: string; subnet: string } {
    const end = network === 'home' ? 0 : 1;

    return {
      here: `${this.#name}h${end}`,
      there: `${this.#name}c${end}`,
      subnet: `10.77.${this.#number * 2 + end}`,
    };
  }

  async #plugIn(network: NetworkName): Promise<void> {
    const { subnet, there } = this.#cable(network);
    this.#network = network;
    await this.#inside('ip', 'address', 'replace', `${subnet}.2/24`, 'dev', there);
    await this.#inside('ip', 'link', 'set', there, 'up');
    await this.#inside('ip', 'route', 'replace', 'default', 'via', `${subnet}.1`);
  }

  async #unplug(): Promise<void> {
    const { there } = this.#cable(this.#network);
    await this.#inside('ip', 'link', 'set', there, 'down');
    await this.#inside('ip', 'address', 'flush', 'dev', there);
  }

  async #filter(rule: string): Promise<void> {
    const chain = (hook: string): string =>
      `chain ${hook} { type filter hook ${hook} priority 0; ${rule}; };`;
    await this.clearFilters();
    await this.#inside('nft', `table inet filters { ${chain('input')} ${chain('output')} }`);
  }

  async #inside(...command: string[]): Promise<void> {
    await run('ip', ['netns', 'exec', this.#name, ...command]);
  }
}
